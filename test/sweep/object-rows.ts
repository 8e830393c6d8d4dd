import { edges, shown } from './row';
import type { Row } from './row';

const PAGED = ['Network', 'Task', 'Template', 'Tenant', 'Vm'];
const VM_MUTATIONS = [
  'CreateVm',
  'DeleteVm',
  'RebootVm',
  'ResizeVm',
  'ResumeVm',
  'StartVm',
  'StopVm',
  'SuspendVm',
];

/** Every field of every object, keyed `Type.field`. A new field needs a decision here: who may see it? */
export const OBJECT_ROWS: Readonly<Record<string, Row>> = {
  ...shown('ApiToken', 'id name role createdAt expiresAt lastUsedAt revokedAt'),

  ...shown('Backend', 'id name kind location status checkedAt'),
  ...edges('Backend', 'capabilities'),
  'Backend.version': {
    kind: 'masked',
    least: 'ADMINISTRATOR',
    query: '{ backends { version } }',
    variables: () => ({}),
    pick: (data) => data.backends[0].version,
  },
  'Backend.capacity': {
    kind: 'masked',
    least: 'ADMINISTRATOR',
    query: '{ backends { capacity { cpuCount memoryMib } } }',
    variables: () => ({}),
    pick: (data) => data.backends[0].capacity,
  },
  'Backend.reconciliation': {
    kind: 'masked',
    least: 'ADMINISTRATOR',
    query: '{ backends { reconciliation { orphans missing copies } } }',
    variables: () => ({}),
    pick: (data) => data.backends[0].reconciliation,
  },
  ...shown('Reconciliation', 'lastPassAt orphans missing copies'),
  ...shown('BackendCapabilities', 'gracefulStop reboot suspend resizeCpu resizeMemory resizeDisk'),
  ...shown('BackendCapabilities', 'guestCustomization consoleLog networkModes'),
  ...shown('BackendCapacity', 'cpuCount memoryMib freeMemoryMib storageGib freeStorageGib'),

  ...shown('Label', 'name value'),

  ...shown('Network', 'id name mode cidr status externalId createdAt deletedAt'),
  ...edges('Network', 'tenant backend vms'),
  ...shown('Node', 'id'),
  ...shown('PageInfo', 'hasNextPage hasPreviousPage startCursor endCursor'),

  ...edges('Quota', 'backend limits used held'),
  ...shown('QuotaAmounts', 'vms cpuCount memoryMib storageGib networks'),
  ...shown('QuotaLimits', 'vms cpuCount memoryMib storageGib networks'),
  ...edges('SetQuotaPayload', 'quota'),

  ...shown('Task', 'id operation status progress message actor createdAt startedAt endedAt deadlineAt'),
  ...shown('Task', 'attempts cancellable cancelRequestedAt queuePosition'),
  ...edges('Task', 'error steps target tenant backend waitsFor retryOf retriedBy cancelPreview'),
  ...shown('TaskError', 'code message retryable'),
  ...shown('TaskEvent', 'cursor kind at'),
  ...edges('TaskEvent', 'task'),
  ...shown('TaskUndo', 'step summary'),
  ...shown('TaskStep', 'name status startedAt endedAt message'),

  ...shown('Template', 'id name minDiskGib createdAt'),
  ...edges('Template', 'tenant realizations'),
  ...edges('TemplateRealization', 'backend'),
  'TemplateRealization.imageRef': {
    kind: 'masked',
    least: 'ADMINISTRATOR',
    query: 'query ($id: ID!) { node(id: $id) { ... on Template { realizations { imageRef } } } }',
    variables: (own) => ({ id: own.template }),
    pick: (data) => data.node.realizations[0].imageRef,
  },

  ...shown('Tenant', 'id slug name createdAt'),
  ...edges('Tenant', 'vms quotas'),
  ...shown('Viewer', 'kind role actor'),
  ...edges('Viewer', 'tenant'),

  ...shown(
    'Vm',
    'id name status powerState cpuCount memoryMib diskGib externalId observedAt createdAt deletedAt',
  ),
  ...shown('Vm', 'ipAddresses'),
  ...edges('Vm', 'tenant backend template networks labels activeTask tasks availableActions'),
  'Vm.consoleLog': {
    kind: 'guarded',
    least: 'OPERATOR',
    query: 'query ($id: ID!) { vm(id: $id) { consoleLog } }',
    variables: (own) => ({ id: own.vm }),
    pick: (data) => data.vm.consoleLog,
  },
  ...shown('VmAction', 'action allowed reason'),
  ...shown('VmEvent', 'cursor kind at'),
  ...edges('VmEvent', 'vm'),
  ...shown('VmNetwork', 'macAddress ipAddresses'),
  ...edges('VmNetwork', 'network'),

  ...Object.assign(
    {},
    ...PAGED.map((noun) => ({
      ...edges(`${noun}Connection`, 'edges nodes pageInfo'),
      ...shown(`${noun}Connection`, 'totalCount'),
      ...edges(`${noun}Edge`, 'node'),
      ...shown(`${noun}Edge`, 'cursor'),
    })),
    ...VM_MUTATIONS.map((mutation) => edges(`${mutation}Payload`, 'vm task')),
  ),

  ...edges('CancelTaskPayload', 'task'),
  ...edges('RetryTaskPayload', 'task'),
  ...edges('CreateApiTokenPayload', 'token'),
  ...shown('CreateApiTokenPayload', 'secret'),
  ...edges('RevokeApiTokenPayload', 'token'),
  ...edges('CreateNetworkPayload', 'network task'),
  ...edges('DeleteNetworkPayload', 'network task'),
  ...edges('CreateTenantPayload', 'tenant'),
  ...edges('RegisterTemplatePayload', 'template'),
};
