import type { CallOptions } from '../options';
import type { MethodName, Params, Result } from '../schema/methods';
import type { MoRef } from '../schema/schema';
import { Deadline } from '../transport/deadline';
import type { Pool } from '../transport/pool';
import { isLostSession } from './lost-session';
import type { Login, Session } from './session';
import type { Wire } from './wire';

/** Calls within one login. When that is lost they fail; nothing logs in again behind their back. */
export interface Live {
  readonly login: Login;
  call<M extends MethodName>(method: M, self: MoRef, params: Params<M>): Promise<Result<M>>;
  /** Frees something on the server, soon and whatever becomes of the work; without it the session's end would. */
  release<M extends MethodName>(method: M, self: MoRef, params: Params<M>): void;
}

/** How long something may take that nobody waits for. */
const RELEASE_TIMEOUT_MS = 5_000;

export interface CallerOptions {
  readonly wire: Wire;
  readonly session: Session;
  readonly callTimeoutMs: number;
  readonly closing: AbortSignal;
  /** The pool for what nobody waits for, and what is under way on it. */
  readonly releases: { readonly pool: Pool; readonly pending: Set<Promise<unknown>> };
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
    const deadline = new Deadline(call.timeoutMs ?? this.options.callTimeoutMs);
    const within = call.signal === undefined ? [] : [call.signal];
    const waiting = AbortSignal.any([...within, deadline.signal]);
    const answer = this.repeatLost<Result<M>>(waiting, (login) =>
      this.send(login, deadline, call.signal, method, self, params),
    );
    return answer.finally(() => deadline.end());
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

  private live(login: Login, call: CallOptions): Live {
    return {
      login,
      release: (method, self, params) => this.release(login, method, self, params),
      call: (method, self, params) => {
        const deadline = new Deadline(call.timeoutMs ?? this.options.callTimeoutMs);
        const answer = this.send(login, deadline, call.signal, method, self, params);
        return answer.finally(() => deadline.end());
      },
    };
  }

  private release<M extends MethodName>(
    { cookie, action }: Login,
    method: M,
    self: MoRef,
    params: Params<M>,
  ): void {
    const { pool, pending } = this.options.releases;
    const deadline = new Deadline(Math.min(RELEASE_TIMEOUT_MS, this.options.callTimeoutMs));
    const freed: Promise<unknown> = this.options.wire
      .call(method, self, params, { pool, cookie, action, deadline, signal: undefined })
      .catch(() => undefined)
      .finally(() => {
        deadline.end();
        pending.delete(freed);
      });
    pending.add(freed);
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
    return work(await session.get(signal));
  }

  private async send<M extends MethodName>(
    login: Login,
    deadline: Deadline,
    signal: AbortSignal | undefined,
    method: M,
    self: MoRef,
    params: Params<M>,
  ): Promise<Result<M>> {
    const { cookie, action } = login;
    const { pool, options } = this;
    const ends = signal === undefined ? options.closing : AbortSignal.any([signal, options.closing]);
    const context = { pool, cookie, action, deadline, signal: ends };
    return (await options.wire.call(method, self, params, context)).result;
  }
}
