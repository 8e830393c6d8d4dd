import type { QueryResult } from 'typeorm';
import type { Session } from './database';

export type Parameters = Readonly<Record<string, unknown>>;

/** `:name`, or `:...name` for a list. A colon within a time of day is followed by a digit and left alone. */
const NAMED = /:(\.\.\.)?([A-Za-z]\w*)/g;

/** A statement in the making: SQL with a question mark for each of its values. */
export class Statement {
  private sql = '';
  private readonly values: unknown[] = [];

  /** @param sql may name parameters; they become values, numbers too, so that equal statements have equal texts */
  add(sql: string, parameters: Parameters = {}): this {
    this.sql += sql.replace(NAMED, (_text, list: string | undefined, name: string) => {
      if (!Object.hasOwn(parameters, name))
        throw new Error(`The statement lacks its parameter ${name}: ${sql}`);
      const value = parameters[name];
      if (list === undefined) return this.placeholder(value);
      return (value as readonly unknown[]).map((one) => this.placeholder(one)).join(', ');
    });
    return this;
  }

  addValue(value: unknown): this {
    this.sql += this.placeholder(value);
    return this;
  }

  /** Runs it on the session's connection: the transaction's, or any outside of one. */
  async run(session: Session): Promise<QueryResult> {
    const runner = session.queryRunner ?? session.connection.createQueryRunner();
    try {
      return await runner.query(this.sql, this.values, true);
    } finally {
      if (runner !== session.queryRunner) await runner.release();
    }
  }

  private placeholder(value: unknown): string {
    this.values.push(value);
    return '?';
  }
}
