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

/** The reservations that living objects must have: the same rule for every noun. */
export async function livingReservations<One extends LivingObject>(
  session: Session,
  tasks: TaskStore,
  { tenantId, backendId }: QuotaKey,
  objects: readonly One[],
  rules: LivingRules<One>,
): Promise<Reservation[]> {
  const reservations: Reservation[] = [];
  for (let start = 0; start < objects.length; start += BATCH) {
    const batch = objects.slice(start, start + BATCH);
    const ids = batch.map(({ id }) => id);
    const open = await tasks.openInLanes(session, TenantScope.system(), ids);
    const unseen = batch.flatMap((one) => (one.externalId === null ? (one.createTaskId ?? []) : []));
    const steps = await tasks.stepsOf(session, unseen);
    for (const object of batch) {
      const { id: objectId, createTaskId, externalId, amounts } = object;
      const own = { tenantId, backendId, objectId };
      const openTasks = open.get(objectId) ?? [];
      const creation = openTasks.find(({ operation }) => operation === rules.creation);
      if (creation) reservations.push({ ...own, holderId: creation.id, state: 'HELD', amounts });
      else if (externalId !== null || isLeft(steps.get(createTaskId ?? '') ?? [], rules.makingStep))
        reservations.push({ ...own, holderId: objectId, state: 'COMMITTED', amounts });
      for (const task of openTasks) {
        const held = task === creation ? null : await rules.heldBy?.(session, task, object);
        if (held) reservations.push({ ...own, holderId: task.id, state: 'HELD', amounts: held });
      }
    }
  }
  return reservations;
}
