import type { Method, MethodCall } from './method';
import type { Scope } from './scope';
import type { ClientInfo, Session } from './session';

/** A call as the protocol's own methods see it: with its session, and with the means to begin and end one. */
export interface ServiceCall extends MethodCall {
  readonly scope: Scope;
  readonly session: Session | null;
  readonly client: ClientInfo;
  /** Gives the client a new cookie with the reply. */
  setCookie(token: string): void;
}

export type ServiceMethod = (call: ServiceCall) => ReturnType<Method>;

/** A `MethodTable` is one too: its methods just look at less. */
export interface ServiceTable {
  readonly type: string;
  readonly withoutSession?: readonly string[];
  readonly methods: Readonly<Record<string, ServiceMethod>>;
}
