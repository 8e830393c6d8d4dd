import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner';

const BOOKKEEPING = /^(BEGIN|COMMIT|ROLLBACK)/;
/** What the event feed, the engine, the duties and the reconciler ask by themselves. */
const BACKGROUND = /"(outbox|duty|sighting|reconciliation)|"available_at" <= |"lease_until" >= /;

/** The SQL statements that the gateways of this process send to SQLite while it listens. */
export class StatementLog {
  private readonly statements: string[] = [];
  private readonly spy: jest.SpyInstance;

  constructor() {
    const original = BetterSqlite3QueryRunner.prototype.query;
    const { statements } = this;
    this.spy = jest.spyOn(BetterSqlite3QueryRunner.prototype, 'query').mockImplementation(function (
      this: BetterSqlite3QueryRunner,
      ...args
    ) {
      statements.push(args[0]);
      return original.apply(this, args);
    });
  }

  /** Those sent while `work` runs, without what the gateway does by itself at the same time. */
  async during(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.statements.length;
    await work();
    return this.statements.slice(before).filter((sql) => !BOOKKEEPING.test(sql) && !BACKGROUND.test(sql));
  }

  close(): void {
    this.spy.mockRestore();
  }
}
