import type { ObjectStore } from '../objects/object-store';
import { refOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import { VimFault } from '../vim/fault';
import { isManagedType } from '../vim/managed-types';
import type { MoRef, VimValue } from '../vim/values';
import { invalidArgument } from './arguments';
import type { MethodRegistry, RegisteredMethod } from './method-registry';
import { Scope } from './scope';
import type { ServiceCall } from './service-method';
import type { ClientInfo, Session } from './session';
import type { Sessions } from './sessions';

/** What came with a request beside its body. */
export interface Caller {
  readonly session: Session | null;
  readonly client: ClientInfo;
  readonly signal: AbortSignal;
  setCookie(token: string): void;
}

/** Finds the method that a request asks for, checks who asks, and runs it. */
export class Dispatcher {
  constructor(
    private readonly store: ObjectStore,
    private readonly registry: MethodRegistry,
    private readonly sessions: Sessions,
  ) {}

  /** @throws VimFault for everything that the client has to be told */
  async run(request: RequestElement, caller: Caller): Promise<VimValue | readonly VimValue[] | undefined> {
    const self = refOf(request, '_this');
    if (!self) throw invalidArgument('_this');
    const scope = new Scope(this.store, caller.session, this.sessions);
    const method = this.find(self, request.name, scope);
    const call: ServiceCall = {
      method: request.name,
      self,
      request,
      store: this.store,
      sessionKey: caller.session?.key ?? null,
      signal: caller.signal,
      scope,
      session: caller.session,
      client: caller.client,
      setCookie: (token) => caller.setCookie(token),
    };
    const done = caller.session ? this.sessions.begin(caller.session) : null;
    try {
      return await method.run(call);
    } finally {
      done?.();
    }
  }

  /** Strangers learn only that they are strangers: not what exists, nor what it can do. */
  private find(self: MoRef, name: string, scope: Scope): RegisteredMethod {
    const method = this.registry.find(self.$ref, name);
    const exists = scope.get(self) !== null;
    if (!scope.session && (!exists || !method || method.needsSession)) throw notAuthenticated(self);
    if (!isManagedType(self.$ref)) {
      throw new VimFault('InvalidType', { argument: self.$ref }, `There is no type ${self.$ref}.`);
    }
    if (!exists) throw objectNotFound(self);
    if (!method) {
      const fields = { receiver: self, method: name };
      throw new VimFault('MethodNotFound', fields, `${self.$ref} has no method ${name}.`);
    }
    return method;
  }
}

export function notAuthenticated(object: MoRef): VimFault {
  const fields = { object, privilegeId: 'System.View' };
  return new VimFault('NotAuthenticated', fields, 'The session is not authenticated.');
}

export function objectNotFound(obj: MoRef): VimFault {
  const message = `The object '${obj.$ref}:${obj.value}' has already been deleted or has not been completely created`;
  return new VimFault('ManagedObjectNotFound', { obj }, message);
}
