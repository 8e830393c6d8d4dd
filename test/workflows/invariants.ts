import type { PlacedEvent } from '../../src/events';
import type { Task } from '../../src/tasks';
import { ADMIN } from './stage';
import type { WorkflowStage } from './stage';

/** Once nothing is under way any more, this must hold whatever went wrong before. */
async function expectInvariants(stage: WorkflowStage): Promise<void> {
  await expectNothingOpen(stage);
  await expectGaplessEvents(stage);
  await expectRecordsAndBackendAgree(stage);
}

async function expectNothingOpen(stage: WorkflowStage): Promise<void> {
  const open = await stage.database.reader.find<Task & { open: number }>('Task', { where: { open: 1 } });
  expect(open.map(({ id, operation, status }) => ({ id, operation, status }))).toEqual([]);
}

async function expectGaplessEvents(stage: WorkflowStage): Promise<void> {
  const rows = await stage.database.reader.find<PlacedEvent>('Outbox', { order: { sequence: 'ASC' } });
  const bySubject = new Map<string, number[]>();
  for (const { subjectId, sequence } of rows) {
    bySubject.set(subjectId, [...(bySubject.get(subjectId) ?? []), sequence]);
  }
  for (const sequences of bySubject.values())
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
}

/** What is recorded as living is on the backend exactly once and looks the same; nothing else of ours is. */
async function expectRecordsAndBackendAgree(stage: WorkflowStage): Promise<void> {
  const { vms, networks } = stage.nouns.stores;
  const { reader } = stage.database;
  const page = { limit: 1_000, afterId: null, beforeId: null, backward: false };
  const order = {
    orderBy: 'CREATED_AT',
    descending: false,
    limit: 1_000,
    after: null,
    before: null,
  } as const;
  const recorded = (await vms.list(reader, ADMIN, {}, { ...order, backward: false }))
    .filter(({ externalId }) => externalId !== null)
    .map(({ id, externalId, powerState, cpuCount }) => ({ id, externalId, powerState, cpuCount }));
  const real = stage.backend.vms().map(({ marker, externalId, powerState, cpuCount }) => ({
    id: marker?.objectId,
    externalId,
    powerState,
    cpuCount,
  }));
  const byId = <T extends { externalId: string | null }>(list: readonly T[]): T[] =>
    [...list].sort((a, b) => ((a.externalId ?? '') < (b.externalId ?? '') ? -1 : 1));
  // Which of two was made first on the backend is not decided by which was asked for first.
  expect(byId(recorded)).toEqual(byId(real));
  expect(stage.backend.leftovers()).toEqual([]);
  const nets = (await networks.list(reader, ADMIN, {}, page)).filter(({ externalId }) => externalId !== null);
  expect(nets.map(({ externalId }) => externalId)).toEqual(
    stage.backend.networks().map(({ externalId }) => externalId),
  );
}

/** The same, but the observer may need a moment to record what the backend told last. */
export async function expectSettled(stage: WorkflowStage): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await expectInvariants(stage);
      break;
    } catch (error) {
      if (attempt >= 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  // Once only: a recount puts right what it finds. With a reservation too many, or one too few, it finds something.
  expect(await stage.nouns.services.recount.run()).toEqual([]);
}
