import { TransportError, VimFault } from '../errors';
import type { ServiceContent } from '../schema/content';
import type { MoRef } from '../schema/schema';
import { Lifetime } from '../transport/lifetime';
import type { Pool } from '../transport/pool';
import type { Wire, WireCall } from './wire';
import { actionFor, VersionsReader } from './versions';

const SERVICE_INSTANCE: MoRef<'ServiceInstance'> = { type: 'ServiceInstance', value: 'ServiceInstance' };
/** vCenter locks an account after a few wrong passwords: each refusal in a row is believed for twice as long. */
const REFUSAL_HOLDS_MS = { first: 10_000, most: 600_000 };
const LOGOUT_TIMEOUT_MS = 5_000;

/** A session while it lasts. */
export interface Login {
  readonly content: ServiceContent;
  readonly cookie: string | null;
  readonly action: string;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Logs in when somebody first needs it, once for all who wait, and again after a session was lost. */
export class Session {
  private login: Promise<Login> | null = null;
  private current: Login | null = null;
  private action: string | null = null;
  private refusal: { readonly fault: VimFault; readonly until: number; readonly holdsMs: number } | null =
    null;

  constructor(
    private readonly wire: Wire,
    private readonly pool: Pool,
    private readonly credentials: Credentials,
    private readonly timeoutMs: number,
    private readonly closing: AbortSignal,
  ) {}

  /**
   * @throws VimFault InvalidLogin, at once for a while after the server said so; TransportError; or the
   *   signal's reason, with which only this caller stops waiting
   */
  async get(signal: AbortSignal | undefined): Promise<Login> {
    signal?.throwIfAborted();
    this.login ??= this.begin();
    return await (signal === undefined ? this.login : abortable(this.login, signal));
  }

  /** The server knows this login no longer. A newer one is left alone. */
  lost(login: Login): void {
    if (this.current !== login) return;
    this.current = null;
    this.login = null;
  }

  /** Ends the session on the server, if there is one. @throws never: it would expire by itself */
  async end(): Promise<void> {
    const { current } = this;
    this.current = null;
    const manager = current?.content.sessionManager;
    if (current === null || manager === undefined) return;
    const life = new Lifetime(Math.min(this.timeoutMs, LOGOUT_TIMEOUT_MS));
    try {
      const call = this.wireCall(current.cookie, current.action, life);
      await this.wire.call('Logout', manager, {}, call);
    } catch {
      return;
    } finally {
      life.end();
    }
  }

  private begin(): Promise<Login> {
    const life = new Lifetime(this.timeoutMs, this.closing);
    const login = this.establish(life).finally(() => life.end());
    login.then(
      (current) => (this.current = current),
      () => (this.login = null),
    );
    return login;
  }

  private async establish(life: Lifetime): Promise<Login> {
    if (this.refusal !== null && performance.now() < this.refusal.until) throw this.refusal.fault;
    this.action ??= await this.negotiate(life);
    const { action } = this;
    let cookie: string | null = null;
    const call = { ...this.wireCall(null, action, life), onCookie: (set: string) => (cookie = set) };
    const content = await this.wire.call('RetrieveServiceContent', SERVICE_INSTANCE, {}, call);
    if (content.sessionManager === undefined)
      throw new TransportError('BAD_ANSWER', 'The server has no session manager.', { sent: true });
    await this.logIn(content.sessionManager, { ...call, cookie });
    return { content, action, cookie };
  }

  private async logIn(manager: MoRef, call: WireCall): Promise<void> {
    const { username, password } = this.credentials;
    try {
      const params = { userName: username, password };
      await this.wire.call('Login', manager, params, call);
    } catch (error) {
      if (error instanceof VimFault && error.type === 'InvalidLogin') this.refuse(error);
      throw error;
    }
    this.refusal = null;
  }

  private refuse(fault: VimFault): void {
    const { first, most } = REFUSAL_HOLDS_MS;
    const holdsMs = this.refusal === null ? first : Math.min(this.refusal.holdsMs * 2, most);
    this.refusal = { fault, until: performance.now() + holdsMs, holdsMs };
  }

  /** Old servers and some simulators have no such document. */
  private async negotiate(life: Lifetime): Promise<string> {
    const call = this.wireCall(null, '', life);
    try {
      return actionFor(await this.wire.get('vimServiceVersions.xml', call, () => new VersionsReader()));
    } catch (error) {
      const missing =
        error instanceof TransportError && (error.reason === 'HTTP_STATUS' || error.reason === 'BAD_ANSWER');
      if (!missing || (error.status ?? 0) >= 500) throw error;
      return actionFor(new Set());
    }
  }

  private wireCall(cookie: string | null, action: string, life: Lifetime): WireCall {
    return { pool: this.pool, cookie, action, life };
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
