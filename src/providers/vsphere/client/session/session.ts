import { TransportError, VimFault } from '../errors';
import type { ServiceContent } from '../schema/content';
import type { MoRef } from '../schema/schema';
import { Deadline } from '../transport/deadline';
import type { Pool } from '../transport/pool';
import type { Wire, WireCall } from './wire';
import { actionFor, VersionsReader } from './versions';

const SERVICE_INSTANCE: MoRef<'ServiceInstance'> = { type: 'ServiceInstance', value: 'ServiceInstance' };
/** vCenter locks an account after a few wrong passwords: a refusal is believed for so long. */
const REFUSAL_HOLDS_MS = 10_000;
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
  private refusal: { readonly fault: VimFault; readonly until: number } | null = null;

  constructor(
    private readonly wire: Wire,
    private readonly pool: Pool,
    private readonly credentials: Credentials,
    private readonly timeoutMs: number,
  ) {}

  /**
   * @throws VimFault InvalidLogin, at once for some seconds after the server said so; TransportError; or the
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
    const deadline = new Deadline(Math.min(this.timeoutMs, LOGOUT_TIMEOUT_MS));
    try {
      const call = this.wireCall(current.cookie, current.action, deadline);
      await this.wire.call('Logout', manager, {}, call);
    } catch {
      return;
    } finally {
      deadline.end();
    }
  }

  private begin(): Promise<Login> {
    const deadline = new Deadline(this.timeoutMs);
    const login = this.establish(deadline).finally(() => deadline.end());
    login.then(
      (current) => (this.current = current),
      () => (this.login = null),
    );
    return login;
  }

  private async establish(deadline: Deadline): Promise<Login> {
    if (this.refusal !== null && performance.now() < this.refusal.until) throw this.refusal.fault;
    this.action ??= await this.negotiate(deadline);
    const { action } = this;
    let cookie: string | null = null;
    const call = { ...this.wireCall(null, action, deadline), onCookie: (set: string) => (cookie = set) };
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
      if (error instanceof VimFault && error.type === 'InvalidLogin')
        this.refusal = { fault: error, until: performance.now() + REFUSAL_HOLDS_MS };
      throw error;
    }
  }

  /** Old servers and some simulators have no such document. */
  private async negotiate(deadline: Deadline): Promise<string> {
    const call = this.wireCall(null, '', deadline);
    try {
      return actionFor(await this.wire.get('vimServiceVersions.xml', call, () => new VersionsReader()));
    } catch (error) {
      const missing =
        error instanceof TransportError && (error.reason === 'HTTP_STATUS' || error.reason === 'BAD_ANSWER');
      if (!missing || (error.status ?? 0) >= 500) throw error;
      return actionFor(new Set());
    }
  }

  private wireCall(cookie: string | null, action: string, deadline: Deadline): WireCall {
    return { pool: this.pool, cookie, action, deadline, signal: undefined };
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
