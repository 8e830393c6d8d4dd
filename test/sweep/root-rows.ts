import type { Row } from './row';

const ofVm = (variables: object = {}): Row => ({
  kind: 'mutation',
  least: 'OPERATOR',
  variables: (own) => ({ input: { id: own.vm, ...variables } }),
  ids: { 'input.id': 'vm' },
});

/** Every query, mutation and subscription, keyed `Type.field`. Mutations are tried in this order. */
export const ROOT_ROWS: Readonly<Record<string, Row>> = {
  'Query.node': { kind: 'query', variables: (own) => ({ id: own.vm }), ids: { id: 'anything' } },
  'Query.viewer': { kind: 'query', variables: () => ({}), ids: {} },
  'Query.backends': { kind: 'query', variables: () => ({}), ids: {} },
  'Query.tenants': { kind: 'query', variables: () => ({}), ids: {} },
  'Query.tenant': {
    kind: 'query',
    variables: (own) => ({ id: own.tenant }),
    ids: { id: 'tenant', slug: 'slug' },
  },
  'Query.templates': {
    kind: 'query',
    variables: (own) => ({ filter: { tenantId: own.tenant } }),
    ids: { 'filter.tenantId': 'tenant' },
  },
  'Query.networks': {
    kind: 'query',
    variables: (own) => ({ filter: { tenantId: own.tenant } }),
    ids: { 'filter.tenantId': 'tenant' },
  },
  'Query.vms': {
    kind: 'query',
    variables: (own) => ({
      filter: { tenantId: own.tenant, templateId: own.template, networkId: own.network },
    }),
    ids: { 'filter.tenantId': 'tenant', 'filter.templateId': 'template', 'filter.networkId': 'network' },
  },
  'Query.vm': { kind: 'query', variables: (own) => ({ id: own.vm }), ids: { id: 'vm' } },
  'Query.tasks': {
    kind: 'query',
    variables: (own) => ({ filter: { tenantId: own.tenant, targetId: own.vm } }),
    ids: { 'filter.tenantId': 'tenant', 'filter.targetId': 'vm' },
  },
  'Query.task': { kind: 'query', variables: (own) => ({ id: own.task }), ids: { id: 'task' } },

  'Mutation.createTenant': {
    kind: 'mutation',
    least: 'ADMINISTRATOR',
    variables: (own) => ({ input: { slug: own.unique, name: own.unique } }),
    ids: {},
  },
  'Mutation.setQuota': {
    kind: 'mutation',
    least: 'ADMINISTRATOR',
    variables: (own) => ({ input: { tenantId: own.tenant, backend: 'lab', vms: 1_000_000 } }),
    ids: { 'input.tenantId': 'tenant' },
  },
  'Mutation.registerTemplate': {
    kind: 'mutation',
    least: 'ADMINISTRATOR',
    variables: (own) => ({
      input: {
        ...{ tenantId: own.tenant, name: own.unique },
        realizations: [{ backend: 'lab', imageRef: 'some-image' }],
      },
    }),
    ids: { 'input.tenantId': 'tenant' },
  },
  'Mutation.createApiToken': {
    kind: 'mutation',
    least: 'OWNER',
    variables: (own) => ({ input: { tenantId: own.tenant, role: 'VIEWER', name: own.unique } }),
    ids: { 'input.tenantId': 'tenant' },
  },
  'Mutation.revokeApiToken': {
    kind: 'mutation',
    least: 'OWNER',
    variables: (own) => ({ input: { id: own.apiToken } }),
    ids: { 'input.id': 'apiToken' },
  },
  'Mutation.createNetwork': {
    kind: 'mutation',
    least: 'OPERATOR',
    variables: (own) => ({
      input: { tenantId: own.tenant, backend: 'lab', name: own.unique, cidr: own.freeCidr, mode: 'NAT' },
    }),
    ids: { 'input.tenantId': 'tenant' },
  },
  'Mutation.deleteNetwork': {
    kind: 'mutation',
    least: 'OPERATOR',
    variables: (own) => ({ input: { id: own.spareNetwork } }),
    ids: { 'input.id': 'network' },
  },
  'Mutation.createVm': {
    kind: 'mutation',
    least: 'OPERATOR',
    variables: (own) => ({
      input: {
        ...{ tenantId: own.tenant, name: own.unique },
        ...{ templateId: own.template, networkIds: [own.network] },
      },
    }),
    ids: { 'input.tenantId': 'tenant', 'input.templateId': 'template', 'input.networkIds': 'network' },
  },
  'Mutation.startVm': ofVm(),
  'Mutation.rebootVm': ofVm(),
  'Mutation.resizeVm': ofVm({ cpuCount: 2 }),
  'Mutation.suspendVm': ofVm(),
  'Mutation.resumeVm': ofVm(),
  'Mutation.stopVm': ofVm({ force: true }),
  'Mutation.deleteVm': ofVm(),
  'Mutation.cancelTask': {
    kind: 'mutation',
    least: 'OPERATOR',
    variables: (own) => ({ input: { id: own.task } }),
    ids: { 'input.id': 'task' },
    // It has ended long ago.
    refusal: 'FAILED_PRECONDITION',
  },
  'Mutation.retryTask': {
    kind: 'mutation',
    least: 'OPERATOR',
    variables: (own) => ({ input: { id: own.task } }),
    ids: { 'input.id': 'task' },
    // It has succeeded.
    refusal: 'FAILED_PRECONDITION',
  },

  'Subscription.taskEvents': {
    kind: 'subscription',
    variables: (own) => ({ after: own.firstCursor }),
    ids: { taskId: 'task', tenantId: 'tenant' },
  },
  'Subscription.vmEvents': {
    kind: 'subscription',
    variables: (own) => ({ after: own.firstCursor }),
    ids: { vmId: 'vm', tenantId: 'tenant' },
  },
};
