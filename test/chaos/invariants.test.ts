import type { Evidence } from './evidence';
import { INVARIANTS, judge } from './invariants';

const task = { id: 't1', operation: 'CREATE_VM', targetId: 'v1', status: 'SUCCEEDED', message: null };
const owner = { tenantId: 'acme', backendId: 'ec2' };
const vm = { id: 'v1', lifecycle: 'ACTIVE', externalId: 'x1', cpuCount: 2, memoryMib: 512, ...owner };
const quota = { ...owner, usedVms: 1, usedCpuCount: 2, usedMemoryMib: 512, heldVms: 0 };
const event = { topic: 'TASK', subjectId: 't1' };
const promise = { idempotencyKey: 'k1', taskId: 't1', cancelled: false };

/** One VM that was asked for, made and recorded. */
const SOUND: Evidence = {
  acknowledgements: [promise],
  tasks: [{ ...task, lastSequence: 2 }],
  vms: [vm],
  quotas: [quota],
  events: [
    { ...event, sequence: 1, position: 1, kind: 'CREATED' },
    { ...event, sequence: 2, position: 2, kind: 'SUCCEEDED' },
  ],
  staleWrites: [],
  backendVms: [{ backend: 'ec2', externalId: 'x1', objectId: 'v1' }],
};

function brokenBy(change: Partial<Evidence>): string[] {
  return judge({ ...SOUND, ...change })
    .filter(({ violations }) => violations.length > 0)
    .map(({ invariant }) => invariant);
}

/** What breaks each invariant; it may break others, too. */
const BREAKAGES: Readonly<Record<string, Partial<Evidence>>> = {
  'no acknowledged task is lost': { acknowledgements: [promise, { ...promise, taskId: 't2' }] },
  'every task has ended': { tasks: [{ ...task, status: 'RUNNING', lastSequence: 2 }] },
  'nothing failed that only met faults that pass': {
    tasks: [{ ...task, status: 'FAILED', lastSequence: 2 }],
  },
  'one key, one task': { acknowledgements: [promise, { ...promise, taskId: 't2' }] },
  'no task that nobody asked for': { acknowledgements: [] },
  'no VM is made twice': {
    backendVms: [...SOUND.backendVms, { backend: 'ec2', externalId: 'x2', objectId: 'v1' }],
  },
  'what lives on a backend is recorded as living': {
    vms: [{ ...vm, lifecycle: 'DELETED' }],
  },
  'what is recorded as living lives on its backend': { backendVms: [] },
  'what was not made in the end has left nothing': {
    tasks: [{ ...task, status: 'CANCELLED', lastSequence: 2 }],
    vms: [{ ...vm, lifecycle: 'ERROR' }],
  },
  'no object is left between two states': {
    vms: [{ ...vm, lifecycle: 'PROVISIONING', externalId: null }],
  },
  'quotas count what there is': { quotas: [{ ...quota, heldVms: 1 }] },
  'the events of each task are gapless': { events: SOUND.events.slice(1) },
  'every event has one place in the stream': {
    events: SOUND.events.map((one) => ({ ...one, position: 1 })),
  },
  'each task ends once, and that is its last event': { events: SOUND.events.slice(0, 1) },
  'nothing is written by a worker that lost its task': {
    staleWrites: [{ taskId: 't1', fence: 2, wrote: 1 }],
  },
};

it('finds nothing where all is well', () => {
  expect(brokenBy({})).toEqual([]);
});

it.each(Object.keys(INVARIANTS))('notices when it does not hold that %s', (invariant) => {
  const breakage = BREAKAGES[invariant];
  if (!breakage) throw new Error('Nothing is said of how it breaks.');
  expect(brokenBy(breakage)).toContain(invariant);
});

it('takes a cancellation on request for an end like any other', () => {
  const tasks = [{ ...task, status: 'CANCELLED', lastSequence: 2 }];
  expect(brokenBy({ tasks })).toContain('nothing failed that only met faults that pass');
  const acknowledgements = [{ ...promise, cancelled: true }];
  expect(brokenBy({ tasks, acknowledgements })).not.toContain(
    'nothing failed that only met faults that pass',
  );
});

it('does not look for a VM whose creation failed', () => {
  const vms = [...SOUND.vms, { ...vm, id: 'v2', lifecycle: 'ERROR', externalId: null }];
  expect(brokenBy({ vms })).toEqual([]);
});
