import type { Session } from '../database';
import { TenantScope } from '../kernel';
import type { Task, TaskOperation, TaskStep, TaskStore } from '../tasks';
import type { Amounts } from './amounts';
import type { QuotaKey, Reservation } from './reservation';

/** Ids in one query. */
const BATCH = 1_000;

/** An object that is recorded and not deleted. */
export interface LivingObject {
  readonly id: string;
  readonly createTaskId: string | null;
  /** Null as long as nothing of it was seen on its backend, and after it was taken back. */
  readonly externalId: string | null;
  readonly amounts: Amounts;
}

export interface LivingRules<One extends LivingObject> {
  /** The operation that makes such an object, and its step that has to be undone. */
  readonly creation: TaskOperation;
  readonly makingStep: string;
  /** What another open task of the object holds; null for nothing. */
  readonly heldBy?: (session: Session, task: Task, object: One) => Promise<Amounts | null>;
}

/** Whether a creation that has ended may have left something: its step was begun and is not undone. */
export function isLeft(steps: readonly TaskStep[], makingStep: string): boolean {
  const step = steps.find(({ name }) => name === makingStep);
  return step !== undefined && step.status !== 'PENDING' && step.status !== 'UNDONE';
}

interface Known {
  readonly open: ReadonlyMap<string, readonly Task[]>;
  /** Of creations, by the task's id. */
  readonly steps: ReadonlyMap<string, readonly TaskStep[]>;
}

/** The reservations that living objects must have: the same rule for every noun. */
export async function livingReservations<One extends LivingObject>(
  session: Session,
  tasks: TaskStore,
  key: QuotaKey,
  objects: readonly One[],
  rules: LivingRules<One>,
): Promise<Reservation[]> {
  const reservations: Reservation[] = [];
  for (let start = 0; start < objects.length; start += BATCH) {
    const batch = objects.slice(start, start + BATCH);
    const ids = batch.map(({ id }) => id);
    const unseen = batch.flatMap((one) => (one.externalId === null ? (one.createTaskId ?? []) : []));
    const known: Known = {
      open: await tasks.openInLanes(session, TenantScope.system(), ids),
      steps: await tasks.stepsOf(session, unseen),
    };
    for (const object of batch) {
      reservations.push(...(await reservationsOfOne(session, key, object, known, rules)));
    }
  }
  return reservations;
}

async function reservationsOfOne<One extends LivingObject>(
  session: Session,
  { tenantId, backendId }: QuotaKey,
  object: One,
  known: Known,
  rules: LivingRules<One>,
): Promise<Reservation[]> {
  const { id: objectId, amounts } = object;
  const own = { tenantId, backendId, objectId };
  const open = known.open.get(objectId) ?? [];
  const reservations: Reservation[] = [];
  for (const task of open) {
    const isCreation = task.operation === rules.creation;
    const held = isCreation ? amounts : await rules.heldBy?.(session, task, object);
    if (held) reservations.push({ ...own, holderId: task.id, state: 'HELD', amounts: held });
  }
  const isBeingMade = open.some(({ operation }) => operation === rules.creation);
  if (!isBeingMade && isThere(object, known, rules.makingStep))
    reservations.push({ ...own, holderId: objectId, state: 'COMMITTED', amounts });
  return reservations;
}

function isThere({ externalId, createTaskId }: LivingObject, { steps }: Known, makingStep: string): boolean {
  return externalId !== null || isLeft(steps.get(createTaskId ?? '') ?? [], makingStep);
}
