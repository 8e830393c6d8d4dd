import { insertRows, isUniqueViolation, lockRow } from '../database';
import type { Database, Session } from '../database';
import { newId } from '../kernel';
import type { Backend } from './backend';
import type { BackendRow } from './backend.table';

/** Backends belong to the installation and not to a tenant; every caller who is somebody may see them. */
export class BackendStore {
  constructor(readonly database: Database) {}

  /** Records a configured backend under the id that its name has, or a new one. */
  async record(configured: Omit<Backend, 'id'>): Promise<Backend> {
    const { name, kind, location } = configured;
    const known = await this.database.reader.findOne<BackendRow>('Backend', { where: { name } });
    if (known) {
      await this.database.transaction((session) =>
        session.update<BackendRow>('Backend', { id: known.id }, { kind, location }),
      );
      return { id: known.id, name, kind, location };
    }
    try {
      return await this.database.transaction(async (session) => {
        const row = { id: newId('backend'), name, kind, location };
        const createdAt = await this.database.now(session);
        await insertRows<BackendRow>(session, 'Backend', { ...row, createdAt });
        return row;
      });
    } catch (error) {
      // Another replica of the same configuration was faster.
      if (isUniqueViolation(error)) return this.record(configured);
      throw error;
    }
  }

  async all(session: Session): Promise<Backend[]> {
    const rows = await session.find<BackendRow>('Backend', { order: { name: 'ASC' } });
    return rows.map(({ id, name, kind, location }) => ({ id, name, kind, location }));
  }

  /** Keeps others who decide about this backend's address space or capacity waiting until the transaction ends. */
  async lock(session: Session, id: string): Promise<void> {
    await lockRow<BackendRow>(session, 'Backend', id);
  }
}
