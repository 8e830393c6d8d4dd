import { z } from 'zod';
import type { Kind, Stored } from '../model/records';
import type { Table } from '../model/table';
import type { World } from '../model/world';

const FORMAT = 1;

/** All records, by their kinds. They are JSON as they stand, and only this program writes them. */
export const savedAccountSchema = z.object({
  format: z.literal(FORMAT),
  region: z.string(),
  accountId: z.string(),
  records: z.record(
    z.string(),
    z.array(z.looseObject({ id: z.string(), sequence: z.number(), due: z.number().nullable() })),
  ),
});

export type SavedAccount = z.output<typeof savedAccountSchema>;

export function saveAccount(world: World): unknown {
  const { region, accountId } = world.options;
  const records = Object.entries(world.tables).map(([kind, table]) => [kind, (table as Table<Stored>).all()]);
  return { format: FORMAT, region, accountId, records: Object.fromEntries(records) as unknown };
}

/**
 * What had a time goes on where it was: what was due while nothing ran happens at once.
 * @throws Error when the file is about another account
 */
export function restoreAccount(world: World, saved: SavedAccount): void {
  const { region, accountId } = world.options;
  if (saved.region !== region || saved.accountId !== accountId) {
    throw new Error(`The state file is of the account ${saved.accountId} in ${saved.region}.`);
  }
  for (const [kind, records] of Object.entries(saved.records)) {
    if (!Object.hasOwn(world.tables, kind)) throw new Error(`The state file has unknown records: ${kind}.`);
    const table = world.tables[kind as Kind] as unknown as Table<Stored>;
    for (const record of records) {
      table.put(record as unknown as Stored, 0);
      world.continueAfter(record.sequence);
    }
  }
}
