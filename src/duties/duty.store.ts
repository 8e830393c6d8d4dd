import { In } from 'typeorm';
import { insertRows, isUniqueViolation, nowSql, updateRows } from '../database';
import type { Database } from '../database';
import type { DutyRow } from './duty.table';

/** One process's hold on a duty: a late write of an earlier hold misses by its fence. */
export interface DutyHold {
  readonly name: string;
  readonly fence: number;
}

/** Who does what, in the database. A process is named by its `holder`, which no other ever has. */
export class DutyStore {
  constructor(
    private readonly database: Database,
    private readonly holder: string,
    private readonly leaseMs: number,
  ) {}

  /** Those of `names` that nobody else holds. Reads without locks; `take` decides. */
  async free(names: readonly string[]): Promise<string[]> {
    const taken = await this.database.reader
      .createQueryBuilder<DutyRow>('Duty', 'duty')
      .where('duty.name IN (:...names)', { names })
      .andWhere(`duty.held_until >= ${this.now} AND duty.holder <> :holder`, { holder: this.holder })
      .getMany();
    const isTaken = new Set(taken.map(({ name }) => name));
    return names.filter((name) => !isTaken.has(name));
  }

  /** Takes a duty that is free or, unknown to us, ours: the answer to an earlier call may have been lost. Else null. */
  async take(name: string): Promise<DutyHold | null> {
    await this.make(name);
    return this.database.transaction(async (session) => {
      const patch = { holder: this.holder, fence: () => 'fence + 1', heldUntil: () => this.until };
      const where = `name = :name AND (holder IS NULL OR holder = :holder OR held_until < ${this.now})`;
      const taken = await updateRows<DutyRow>(session, 'Duty', patch, where, { name, holder: this.holder });
      if (taken !== 1) return null;
      const { fence } = await session.findOneOrFail<DutyRow>('Duty', { where: { name } });
      return { name, fence };
    });
  }

  /** Prolongs the holds. @returns those that are still good */
  async keep(holds: readonly DutyHold[]): Promise<DutyHold[]> {
    const names = holds.map(({ name }) => name);
    const ours = await this.database.transaction(async (session) => {
      const where = 'name IN (:...names) AND holder = :holder';
      const parameters = { names, holder: this.holder };
      await updateRows<DutyRow>(session, 'Duty', { heldUntil: () => this.until }, where, parameters);
      return session.find<DutyRow>('Duty', { where: { name: In(names), holder: this.holder } });
    });
    const fences = new Map(ours.map(({ name, fence }) => [name, fence]));
    return holds.filter(({ name, fence }) => fences.get(name) === fence);
  }

  /** Gives a duty back, so that another process may take it at once. */
  async release({ name, fence }: DutyHold): Promise<void> {
    const where = 'name = :name AND fence = :fence AND holder = :holder';
    const parameters = { name, fence, holder: this.holder };
    await this.database.transaction((session) =>
      updateRows<DutyRow>(session, 'Duty', { holder: null, heldUntil: 0 }, where, parameters),
    );
  }

  /** Frees all duties. Only for a process that knows itself to be the only one: whoever held them is dead. */
  async freeAll(): Promise<void> {
    await this.database.transaction((session) =>
      updateRows<DutyRow>(session, 'Duty', { holder: null, heldUntil: 0 }, 'holder IS NOT NULL', {}),
    );
  }

  private async make(name: string): Promise<void> {
    if (await this.database.reader.exists<DutyRow>('Duty', { where: { name } })) return;
    try {
      const row = { name, holder: null, fence: 0, heldUntil: 0 };
      await this.database.transaction((session) => insertRows<DutyRow>(session, 'Duty', row));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }

  private get now(): string {
    return nowSql(this.database.dialect);
  }

  private get until(): string {
    return `${this.now} + ${String(Math.round(this.leaseMs))}`;
  }
}
