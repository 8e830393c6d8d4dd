import { invalidArgument, requireBoolean, requireRef } from '../service/arguments';
import { notAuthenticated, objectNotFound } from '../service/dispatcher';
import type { ServiceCall, ServiceTable } from '../service/service-method';
import type { Session } from '../service/session';
import { childrenOf } from '../vim/element';
import { isManagedType } from '../vim/managed-types';
import type { MoRef } from '../vim/values';
import { ContainerView, isContainer } from './container-view';
import { ListView } from './list-view';

/** Views belong to the session that made them. */
export const viewMethods: readonly ServiceTable[] = [
  {
    type: 'ViewManager',
    methods: {
      CreateContainerView: (call) => createContainerView(call),
      CreateListView: (call) => {
        const session = sessionOf(call);
        const view = new ListView(session.newRef('ListView'), call.store);
        view.reset(refsIn(call, 'obj'));
        session.own(view);
        return view.ref;
      },
    },
  },
  {
    type: 'View',
    methods: {
      DestroyView: (call) => {
        sessionOf(call).disown(call.self);
        return undefined;
      },
    },
  },
  {
    type: 'ListView',
    methods: {
      ModifyListView: (call) => {
        const unresolved = listView(call).modify(refsIn(call, 'add'), refsIn(call, 'remove'));
        sessionOf(call).changed();
        return unresolved;
      },
      ResetListView: (call) => {
        const unresolved = listView(call).reset(refsIn(call, 'obj'));
        sessionOf(call).changed();
        return unresolved;
      },
    },
  },
];

function createContainerView(call: ServiceCall): MoRef {
  const container = requireRef(call.request, 'container');
  const types = childrenOf(call.request, 'type').map((one) => one.text.trim());
  const recursive = requireBoolean(call.request, 'recursive');
  if (!call.store.get(container)) throw objectNotFound(container);
  if (!isContainer(container)) throw invalidArgument('container');
  if (!types.every((type) => isManagedType(type))) throw invalidArgument('type');
  const session = sessionOf(call);
  const view = new ContainerView(session.newRef('ContainerView'), call.store, {
    container,
    types,
    recursive,
  });
  session.own(view);
  return view.ref;
}

function refsIn(call: ServiceCall, name: string): readonly MoRef[] {
  return childrenOf(call.request, name).map((one) => {
    if (one.refType === null) throw invalidArgument(name);
    return { $ref: one.refType, value: one.text.trim() };
  });
}

function listView(call: ServiceCall): ListView {
  const view = call.session?.get(call.self);
  if (!(view instanceof ListView)) throw objectNotFound(call.self);
  return view;
}

function sessionOf(call: ServiceCall): Session {
  if (!call.session) throw notAuthenticated(call.self);
  return call.session;
}
