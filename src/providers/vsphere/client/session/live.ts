import type { MethodName, Params, Result } from '../schema/methods';
import type { MoRef } from '../schema/schema';
import type { Login } from './session';

/** Calls within one login. When that is lost they fail; nothing logs in again behind their back. */
export interface Live {
  readonly login: Login;
  call<M extends MethodName>(method: M, self: MoRef, params: Params<M>): Promise<Result<M>>;
  /** Frees something on the server, soon and whatever becomes of the work; at the latest the session's end would. */
  release(work: (live: Live) => Promise<unknown>): void;
}
