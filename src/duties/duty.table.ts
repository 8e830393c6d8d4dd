import { EntitySchema } from 'typeorm';
import { bigintColumn, momentColumn, textColumn } from '../database';

/** A piece of work that one process at a time does, and who that is. */
export interface DutyRow {
  name: string;
  /** The process that took it last; null once it has given it back. */
  holder: string | null;
  /** How often it was taken. */
  fence: number;
  /** By the database's clock. In the past: anybody may take it. */
  heldUntil: number;
}

export const dutyTable = new EntitySchema<DutyRow>({
  name: 'Duty',
  tableName: 'duty',
  columns: {
    name: textColumn('name', 128, { primary: true }),
    holder: textColumn('holder', 64, { nullable: true }),
    fence: bigintColumn('fence'),
    heldUntil: momentColumn('held_until'),
  },
});
