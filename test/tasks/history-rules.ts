import type { EngineStage, Event } from './engine-stage';

/** What must be true of every history, whatever happened: gapless, progress that never falls, one end and it is last. */
export async function expectSoundHistory(stage: EngineStage, taskId: string): Promise<Event[]> {
  const events = await stage.history(taskId);
  const rows = await stage.database.reader.find<{ sequence: number; subjectId: string }>('Outbox', {
    where: { subjectId: taskId },
    order: { sequence: 'ASC' },
  });
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1));
  expect(events).toHaveLength(rows.length);
  expect(events[0]?.kind).toBe('CREATED');
  const progress = events.map(({ task }) => task.progress);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  const last = events.at(-1);
  expect(events.filter(({ task }) => task.endedAt !== null)).toEqual([last]);
  expect(last?.kind).toBe(last?.task.status);
  expect(progress.filter((value) => value === 100)).toHaveLength(last?.task.status === 'SUCCEEDED' ? 1 : 0);
  expect(await stage.row(taskId)).toMatchObject({ open: null, leaseOwner: null, leaseUntil: null });
  return events;
}
