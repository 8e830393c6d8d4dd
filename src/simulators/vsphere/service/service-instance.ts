import { parsePath } from '../objects/property-path';
import { VimFault } from '../vim/fault';
import { propertiesOf } from '../vim/managed-types';
import type { VimValue } from '../vim/values';
import { requireText } from './arguments';
import { notAuthenticated } from './dispatcher';
import { mayReadAnonymously } from './anonymous';
import type { ServiceCall, ServiceTable } from './service-method';

/** The only object that a client knows by heart. */
export const serviceInstanceMethods: ServiceTable = {
  type: 'ServiceInstance',
  withoutSession: ['RetrieveServiceContent', 'CurrentTime'],
  methods: {
    RetrieveServiceContent: (call) => call.scope.read(call.self, 'content'),
    CurrentTime: () => new Date(),
  },
};

/** pyvmomi reads every property with a call of this name, which no documentation mentions. */
export const fetchMethod: ServiceTable = {
  type: 'ManagedObject',
  withoutSession: ['Fetch'],
  methods: { Fetch: (call) => fetch(call) },
};

function fetch(call: ServiceCall): VimValue | undefined {
  const path = requireText(call.request, 'prop').trim();
  if (!call.session && !mayReadAnonymously(call.self, path)) throw notAuthenticated(call.self);
  const [first] = parsePath(path) ?? [];
  if (!first || !propertiesOf(call.self.$ref).has(first.name)) {
    throw new VimFault('InvalidProperty', { name: path }, `${call.self.$ref} has no property ${path}.`);
  }
  return call.scope.read(call.self, path);
}
