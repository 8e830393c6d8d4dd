import Database from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';
import { followTask } from './task-follower';
import type { SeenEvent } from './task-follower';
import type { GatewayClient } from './gateway-client';

const STEP_ORDER = ['PENDING', 'RUNNING', 'SUCCEEDED'];

function countOf(events: readonly SeenEvent[], kind: string): number {
  return events.filter((event) => event.kind === kind).length;
}

/** Nothing ever goes back: a step that was done is not begun again, and progress grows. */
function expectMonotone(events: readonly SeenEvent[]): void {
  const progress = events.map(({ task }) => task.progress);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  const steps = events.at(-1)?.task.steps ?? [];
  for (const [position, { name }] of steps.entries()) {
    const ranks = events.map(({ task }) => STEP_ORDER.indexOf(task.steps[position]?.status ?? ''));
    expect({ name, ranks }).toEqual({ name, ranks: [...ranks].sort((a, b) => a - b) });
    expect({ name, last: ranks.at(-1) }).toEqual({ name, last: STEP_ORDER.indexOf('SUCCEEDED') });
  }
}

/**
 * The history of a task that succeeded, however often its workers died: one beginning, one end, nothing missing,
 * nothing twice, and the same for whoever asks for it afterwards.
 */
export async function expectWholeHistory(client: GatewayClient, events: readonly SeenEvent[]): Promise<void> {
  expect(events[0]).toMatchObject({ kind: 'CREATED', task: { status: 'QUEUED', progress: 0 } });
  expect(events.at(-1)).toMatchObject({
    kind: 'SUCCEEDED',
    task: { status: 'SUCCEEDED', progress: 100, error: null },
  });
  for (const kind of ['CREATED', 'STARTED', 'SUCCEEDED']) {
    expect({ kind, times: countOf(events, kind) }).toEqual({ kind, times: 1 });
  }
  for (const kind of ['LAGGED', 'FAILED', 'CANCELLED']) {
    expect({ kind, times: countOf(events, kind) }).toEqual({ kind, times: 0 });
  }
  expectMonotone(events);
  expect(await followTask(client, events[0]?.task.id ?? '')).toEqual(events);
}

interface OutboxEntry {
  readonly position: number;
  readonly subject: string;
  readonly sequence: number;
}

const OUTBOX = `SELECT position, subject_id AS subject, sequence FROM outbox
  WHERE position IS NOT NULL ORDER BY position`;
const OPEN_TASKS = 'SELECT id FROM task WHERE open = 1';

function expectGapless(entries: readonly OutboxEntry[]): void {
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => index + 1));
  const last = new Map<string, number>();
  for (const { subject, sequence } of entries) {
    expect({ subject, sequence }).toEqual({ subject, sequence: (last.get(subject) ?? 0) + 1 });
    last.set(subject, sequence);
  }
}

/** What the gateway's own rows say of all tasks, whoever followed them: numbers without gaps, and none still open. */
export function expectGaplessOutbox(databaseFile: string): void {
  const database = new Database(databaseFile, { readonly: true });
  try {
    expectGapless(database.prepare(OUTBOX).all() as OutboxEntry[]);
    expect(database.prepare(OPEN_TASKS).all()).toEqual([]);
  } finally {
    database.close();
  }
}

/** The same of a gateway on MariaDB. */
export async function expectGaplessOutboxAt(databaseUrl: string): Promise<void> {
  const connection = await createConnection(databaseUrl);
  try {
    const [entries] = await connection.query<RowDataPacket[]>(OUTBOX);
    expectGapless(entries as (RowDataPacket & OutboxEntry)[]);
    expect((await connection.query(OPEN_TASKS))[0]).toEqual([]);
  } finally {
    await connection.end();
  }
}
