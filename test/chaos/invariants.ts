import type { Evidence, RecordedEvent, RecordedQuota, RecordedVm } from './evidence';

/** What must hold whatever happened, and each case in which it does not. */
export interface Verdict {
  readonly invariant: string;
  readonly violations: readonly string[];
}

type Invariant = (evidence: Evidence) => string[];

const FINAL = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);
const TAKEN_BACK = new Set(['FAILED', 'CANCELLED']);
/** Whether a VM is thought to be on its backend; one whose creation failed is ERROR, and nowhere. */
function lives({ lifecycle, externalId }: RecordedVm): boolean {
  return lifecycle === 'ACTIVE' || (lifecycle === 'ERROR' && externalId !== null);
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function gapsIn(taskId: string, events: readonly RecordedEvent[], last: number): string[] {
  const sequences = events.map(({ sequence }) => sequence).sort((a, b) => a - b);
  const isGapless = sequences.length === last && sequences.every((one, index) => one === index + 1);
  return isGapless ? [] : [`${taskId}: ${sequences.join(' ')} of ${last}`];
}

function driftOf(quota: RecordedQuota, vms: readonly RecordedVm[]): string[] {
  const { tenantId, backendId, usedVms, usedCpuCount, usedMemoryMib, heldVms } = quota;
  const own = vms.filter((vm) => lives(vm) && vm.tenantId === tenantId && vm.backendId === backendId);
  const cpuCount = own.reduce((sum, vm) => sum + vm.cpuCount, 0);
  const memoryMib = own.reduce((sum, vm) => sum + vm.memoryMib, 0);
  const said = [usedVms, usedCpuCount, usedMemoryMib, heldVms].join(' ');
  const actual = [own.length, cpuCount, memoryMib, 0].join(' ');
  return said === actual ? [] : [`${tenantId} on ${backendId}: ${said} recorded, ${actual} in truth`];
}

/** By what each promises; none looks at how the engine keeps it. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'no acknowledged task is lost': ({ acknowledgements, tasks }) => {
    const known = new Set(tasks.map(({ id }) => id));
    return acknowledgements.filter(({ taskId }) => !known.has(taskId)).map(({ taskId }) => taskId);
  },
  'every task has ended': ({ tasks }) =>
    tasks
      .filter(({ status }) => !FINAL.has(status))
      .map((task) => `${task.id} ${task.operation} ${task.status}`),
  'nothing failed that only met faults that pass': ({ acknowledgements, tasks }) => {
    const cancelled = new Set(acknowledgements.flatMap((one) => (one.cancelled ? [one.taskId] : [])));
    return tasks
      .filter(({ id, status }) => status !== 'SUCCEEDED' && !(status === 'CANCELLED' && cancelled.has(id)))
      .map((task) => `${task.id} ${task.operation} ${task.status}: ${String(task.message)}`);
  },
  'one key, one task': ({ acknowledgements }) =>
    [...grouped(acknowledgements, ({ idempotencyKey }) => idempotencyKey)]
      .filter(([, same]) => new Set(same.map(({ taskId }) => taskId)).size > 1)
      .map(([key, same]) => `${key}: ${same.map(({ taskId }) => taskId).join(' ')}`),
  'no task that nobody asked for': ({ acknowledgements, tasks }) => {
    const asked = new Set(acknowledgements.map(({ taskId }) => taskId));
    return tasks.filter(({ id }) => !asked.has(id)).map((task) => `${task.id} ${task.operation}`);
  },
  'no VM is made twice': ({ backendVms }) =>
    [
      ...grouped(
        backendVms.filter(({ objectId }) => objectId !== null),
        ({ objectId }) => objectId ?? '',
      ),
    ]
      .filter(([, same]) => same.length > 1)
      .map(([id, same]) => `${id}: ${same.map(({ externalId }) => externalId).join(' ')}`),
  'what lives on a backend is recorded as living': ({ backendVms, vms }) => {
    const living = new Map(vms.filter(lives).map((vm) => [vm.id, vm]));
    return backendVms
      .filter(({ objectId, externalId }) => living.get(objectId ?? '')?.externalId !== externalId)
      .map(({ backend, externalId, objectId }) => `${backend} ${externalId} of ${String(objectId)}`);
  },
  'what is recorded as living lives on its backend': ({ backendVms, vms }) => {
    const there = new Set(backendVms.map(({ externalId }) => externalId));
    return vms
      .filter((vm) => lives(vm) && !there.has(vm.externalId ?? ''))
      .map(({ id, lifecycle, externalId }) => `${id} ${lifecycle} ${String(externalId)}`);
  },
  'what was not made in the end has left nothing': ({ tasks, backendVms }) => {
    const taken = tasks.filter(
      ({ operation, status }) => operation === 'CREATE_VM' && TAKEN_BACK.has(status),
    );
    const byTarget = new Map(taken.map((task) => [task.targetId, task]));
    return backendVms.flatMap(({ backend, externalId, objectId }) => {
      const task = byTarget.get(objectId ?? '');
      return task ? [`${backend} ${externalId} of ${task.targetId}, ${task.status}`] : [];
    });
  },
  'no object is left between two states': ({ vms }) =>
    vms
      .filter(({ lifecycle }) => !['ACTIVE', 'ERROR', 'DELETED'].includes(lifecycle))
      .map(({ id, lifecycle }) => `${id} ${lifecycle}`),
  'quotas count what there is': ({ quotas, vms }) => quotas.flatMap((quota) => driftOf(quota, vms)),
  'the events of each task are gapless': ({ events, tasks }) => {
    const byTask = grouped(events, ({ subjectId }) => subjectId);
    return tasks.flatMap(({ id, lastSequence }) => gapsIn(id, byTask.get(id) ?? [], lastSequence));
  },
  'every event has one place in the stream': ({ events }) => {
    const places = events.map(({ position }) => position ?? 0).sort((a, b) => a - b);
    const wrong = places.findIndex((place, index) => place !== index + 1);
    return wrong < 0 ? [] : [`position ${String(places[wrong])} where ${wrong + 1} was due`];
  },
  'each task ends once, and that is its last event': ({ events }) =>
    [
      ...grouped(
        events.filter(({ topic }) => topic === 'TASK'),
        ({ subjectId }) => subjectId,
      ),
    ].flatMap(([id, own]) => {
      const inOrder = own.toSorted((a, b) => a.sequence - b.sequence).map(({ kind }) => kind);
      const ends = inOrder.filter((kind) => FINAL.has(kind));
      return ends.length === 1 && ends[0] === inOrder.at(-1) ? [] : [`${id}: ${inOrder.join(' ')}`];
    }),
  'nothing is written by a worker that lost its task': ({ staleWrites }) =>
    staleWrites.map(({ taskId, fence, wrote }) => `${taskId}: fence ${wrote} over ${fence}`),
};

export function judge(evidence: Evidence): Verdict[] {
  return Object.entries(INVARIANTS).map(([invariant, check]) => ({ invariant, violations: check(evidence) }));
}
