import { AppError } from '../../src/kernel';
import { createNetwork, createToken, createVm, ended, operate, operated } from '../support/api/requests';
import type { IdempotencyWorld, Traces } from './world';

/** How one mutation is called, and what one call of it leaves behind. */
export interface MutationRow {
  readonly caller: 'admin' | 'owner';
  /** An input that has not been sent yet, for an object that it fits. */
  readonly input: (world: IdempotencyWorld) => Promise<object> | object;
  /** What makes it another input, of an object that the caller sees. */
  readonly change: (world: IdempotencyWorld) => object;
  /** What there is more afterwards, besides the key. */
  readonly leaves: Partial<Traces>;
}

const fresh = (world: IdempotencyWorld): string => `fresh-${String(world.next())}`;

async function runningVm(world: IdempotencyWorld, input: object = {}): Promise<{ id: string }> {
  const { template: templateId } = world.standing;
  return { id: await createVm(world.acme.operator, { name: fresh(world), templateId, ...input }) };
}

async function suspendedVm(world: IdempotencyWorld): Promise<{ id: string }> {
  const vm = await runningVm(world);
  await operated(world.acme.operator, 'suspendVm', vm);
  return vm;
}

/** It waits behind a restart that does not end. */
async function queuedTask(world: IdempotencyWorld): Promise<{ id: string }> {
  const vm = await runningVm(world);
  world.gateway.backend().hangNext('rebootVm');
  await operate(world.acme.operator, 'rebootVm', vm);
  return { id: await operate(world.acme.operator, 'stopVm', vm) };
}

async function failedTask(world: IdempotencyWorld): Promise<{ id: string }> {
  const vm = await runningVm(world);
  world.gateway.backend().failNext('rebootVm', new AppError('RESOURCE_EXHAUSTED', 'No.'));
  const id = await operate(world.acme.operator, 'rebootVm', vm);
  await ended(world.acme.viewer, id);
  return { id };
}

const ofVm = (
  input: MutationRow['input'],
  change: MutationRow['change'] = ({ standing }) => ({ id: standing.vm }),
): MutationRow => ({ caller: 'owner', input, change, leaves: { tasks: 1 } });

/** Every mutation of the schema. */
export const MUTATION_ROWS: Readonly<Record<string, MutationRow>> = {
  createTenant: {
    caller: 'admin',
    input: (world) => ({ slug: fresh(world), name: 'Fresh' }),
    change: () => ({ name: 'Other' }),
    leaves: { tenants: 1 },
  },
  setQuota: {
    caller: 'admin',
    // A tenant without any, on which nothing is recorded yet.
    input: async (world) => {
      const tenant = { slug: fresh(world), name: 'Fresh' };
      const made = await world.gateway.admin.mutate('createTenant', tenant, 'tenant { id }');
      return { tenantId: made.tenant.id, backend: 'lab', vms: 7 };
    },
    change: () => ({ cpuCount: null }),
    leaves: { quotas: 1 },
  },
  registerTemplate: {
    caller: 'admin',
    input: (world) => ({ name: fresh(world), realizations: [{ backend: 'lab', imageRef: 'some' }] }),
    change: () => ({ realizations: [{ backend: 'lab', imageRef: 'other' }] }),
    leaves: { templates: 1 },
  },
  createApiToken: {
    caller: 'owner',
    input: () => ({ name: 'Fresh', role: 'VIEWER', expiresAt: '2999-01-01T00:00:00Z' }),
    change: () => ({ expiresAt: '2999-01-02T00:00:00Z' }),
    leaves: { tokens: 1 },
  },
  revokeApiToken: {
    caller: 'owner',
    input: async ({ acme }) => ({ id: (await createToken(acme.owner, { role: 'VIEWER' })).id }),
    change: ({ standing }) => ({ id: standing.token }),
    leaves: { revokedTokens: 1 },
  },
  createNetwork: {
    caller: 'owner',
    input: (world) => {
      const number = world.next();
      const name = `fresh-${String(number)}`;
      return { name, backend: 'lab', cidr: `10.${String(number)}.0.0/24`, mode: 'NAT' };
    },
    change: () => ({ mode: 'ISOLATED' }),
    leaves: { networks: 1, tasks: 1 },
  },
  deleteNetwork: {
    caller: 'owner',
    input: async (world) => {
      const number = world.next();
      const network = { name: `fresh-${String(number)}`, cidr: `10.${String(number)}.0.0/24` };
      return { id: await createNetwork(world.acme.operator, network) };
    },
    change: ({ standing }) => ({ id: standing.network }),
    leaves: { tasks: 1 },
  },
  createVm: {
    caller: 'owner',
    input: (world) => ({ name: fresh(world), templateId: world.standing.template, userData: '#a' }),
    change: () => ({ userData: '#b' }),
    leaves: { vms: 1, tasks: 1 },
  },
  startVm: ofVm((world) => runningVm(world, { powerOn: false })),
  stopVm: ofVm(runningVm, () => ({ force: true })),
  rebootVm: ofVm(runningVm, () => ({ force: true })),
  suspendVm: ofVm(runningVm),
  resumeVm: ofVm(suspendedVm),
  resizeVm: ofVm(
    async (world) => ({ ...(await runningVm(world)), cpuCount: 2 }),
    () => ({ cpuCount: 3 }),
  ),
  deleteVm: ofVm(runningVm),
  retryTask: {
    caller: 'owner',
    input: failedTask,
    change: ({ standing }) => ({ id: standing.task }),
    leaves: { tasks: 1 },
  },
  cancelTask: {
    caller: 'owner',
    input: queuedTask,
    change: ({ standing }) => ({ id: standing.task }),
    leaves: { cancelledTasks: 1 },
  },
};
