import type { CallOptions } from '../options';
import type { MethodName, Params, Result } from '../schema/methods';
import type { MoRef } from '../schema/schema';
import { Lifetime } from '../transport/lifetime';
import type { Pool } from '../transport/pool';
import { asNotAuthenticated, isLostSession } from './lost-session';
import type { Live } from './live';
import type { Releases } from './releases';
import type { Login, Session } from './session';
import type { Wire } from './wire';

export interface CallerOptions {
  readonly wire: Wire;
  readonly session: Session;
  readonly callTimeoutMs: number;
  /** Ends all that this caller does. */
  readonly closing: AbortSignal;
  readonly releases: Releases;
}

/** Makes calls within the session, and logs in anew where it has been lost. */
export class Caller {
  constructor(
    private readonly options: CallerOptions,
    private readonly pool: Pool,
  ) {}

  /** @throws VimFault, TransportError, EncodingError, or the signal's reason */
  call<M extends MethodName>(
    method: M,
    self: MoRef,
    params: Params<M>,
    call: CallOptions = {},
  ): Promise<Result<M>> {
    const life = this.lifetime(call);
    const answer = this.repeatLost<Result<M>>(life.signal, (login) =>
      this.send(login, life, method, self, params),
    );
    return answer.finally(() => life.end());
  }

  /** Does work that is bound to one session; from the beginning again, once, where the session has been lost. */
  async inSession<R>(call: CallOptions, work: (live: Live) => Promise<R>): Promise<R> {
    return this.repeatLost(call.signal, (login) => work(this.live(login, call)));
  }

  /** The present login, made where there is none. */
  async begin(call: CallOptions): Promise<Live> {
    this.options.closing.throwIfAborted();
    return this.live(await this.options.session.get(call.signal), call);
  }

  lost(live: Live): void {
    this.options.session.lost(live.login);
  }

  live(login: Login, call: CallOptions): Live {
    return {
      login,
      release: (work) => this.options.releases.run(login, work),
      call: (method, self, params) => {
        const life = this.lifetime(call);
        return this.send(login, life, method, self, params).finally(() => life.end());
      },
    };
  }

  private async repeatLost<R>(
    signal: AbortSignal | undefined,
    work: (login: Login) => Promise<R>,
  ): Promise<R> {
    const { session, closing } = this.options;
    closing.throwIfAborted();
    const login = await session.get(signal);
    try {
      return await work(login);
    } catch (error) {
      if (!isLostSession(error)) throw error;
      session.lost(login);
    }
    const again = await session.get(signal);
    try {
      return await work(again);
    } catch (error) {
      if (!isLostSession(error)) throw error;
      session.lost(again);
      throw asNotAuthenticated(error);
    }
  }

  private lifetime(call: CallOptions): Lifetime {
    const { callTimeoutMs, closing } = this.options;
    return new Lifetime(call.timeoutMs ?? callTimeoutMs, call.signal, closing);
  }

  private send<M extends MethodName>(
    login: Login,
    life: Lifetime,
    method: M,
    self: MoRef,
    params: Params<M>,
  ): Promise<Result<M>> {
    const { cookie, action } = login;
    return this.options.wire.call(method, self, params, { pool: this.pool, cookie, action, life });
  }
}
