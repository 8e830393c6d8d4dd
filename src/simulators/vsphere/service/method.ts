import type { ObjectStore } from '../objects/object-store';
import type { RequestElement } from '../vim/element';
import type { MoRef, VimValue } from '../vim/values';

/** One call as it came over the wire; the session is checked and `self` exists. */
export interface MethodCall {
  readonly method: string;
  readonly self: MoRef;
  /** The element named after the method, with `_this` and the arguments. */
  readonly request: RequestElement;
  readonly store: ObjectStore;
  /** The session's key; null before a login. */
  readonly sessionKey: string | null;
  /** Aborted when the client hangs up or the server stops. */
  readonly signal: AbortSignal;
}

/** Answers `returnval` (several for an array), or nothing. Throws a `VimFault`. */
export type Method = (
  call: MethodCall,
) => VimValue | readonly VimValue[] | undefined | Promise<VimValue | readonly VimValue[] | undefined>;

/** The methods of one type of managed object, by name; inherited ones are given to each subtype by whoever registers. */
export interface MethodTable {
  readonly type: string;
  /** Without a session these fault NotAuthenticated; named here are the few that do not need one. */
  readonly withoutSession?: readonly string[];
  readonly methods: Readonly<Record<string, Method>>;
}
