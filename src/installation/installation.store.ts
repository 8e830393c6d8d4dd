import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { insertRows, isUniqueViolation } from '../database';
import type { Database } from '../database';
import type { InstallationRow } from './installation.table';

/** An installation's identity, made at its first start and the same ever after. */
export interface Installation {
  /** Marks everything that it makes on its backends. */
  readonly id: string;
  /** 16 bytes; seals the cursors of event streams. */
  readonly cursorKey: Buffer;
  /** 32 bytes, from which the keys of single purposes are derived: see `derivedKey`. */
  readonly rootKey: Buffer;
}

export class InstallationStore {
  constructor(private readonly database: Database) {}

  async load(): Promise<Installation> {
    return {
      id: await this.getOrMake('id', () => uuidv7()),
      cursorKey: await this.keyOf('cursor_key', 16),
      rootKey: await this.keyOf('root_key', 32),
    };
  }

  async get(name: string): Promise<string | null> {
    const row = await this.database.reader.findOne<InstallationRow>('Installation', { where: { name } });
    return row?.value ?? null;
  }

  async forget(name: string): Promise<void> {
    await this.database.transaction((session) => session.delete<InstallationRow>('Installation', { name }));
  }

  /** Stores a value unless there is one; true for the one process that did. */
  async makeOnce(name: string, value: string): Promise<boolean> {
    try {
      await this.database.transaction((session) =>
        insertRows<InstallationRow>(session, 'Installation', { name, value }),
      );
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  private async keyOf(name: string, bytes: number): Promise<Buffer> {
    return Buffer.from(await this.getOrMake(name, () => randomBytes(bytes).toString('hex')), 'hex');
  }

  private async getOrMake(name: string, make: () => string): Promise<string> {
    const known = await this.get(name);
    if (known !== null) return known;
    await this.makeOnce(name, make());
    const stored = await this.get(name);
    if (stored === null) throw new Error(`The installation's ${name} was neither found nor made.`);
    return stored;
  }
}
