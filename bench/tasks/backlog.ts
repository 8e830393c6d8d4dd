import { loadConfig } from '../../src/config';
import { nowSql, openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { startGateway } from '../../src/gateway/gateway';
import { silentLogger } from '../../src/kernel';
import { backendConfigSchemas } from '../../src/providers/registry';
import { SIMULATORS } from '../../src/simulators/registry';
import { TABLES } from '../../src/gateway/tables';
import { GatewayClient } from '../../test/peers/support/gateway-client';
import { ADMIN_TOKEN, GatewayHome } from '../../test/peers/support/gateway-process';

const AT_ONCE = 16;
const AN_HOUR_MS = 3_600_000;

export const BACKENDS = [{ name: 'lab', kind: 'memory', location: 'INTERNAL' }];

/** Tasks that were asked for over the API and that nobody may begin yet. */
export class Backlog {
  private constructor(private readonly database: Database) {}

  /** Asks for `count` VMs of a gateway that runs no tasks, within this process. */
  static async make(database: DatabaseConfig, count: number): Promise<Backlog> {
    const home = await GatewayHome.make({ backends: BACKENDS, database });
    const env = { HYPERGATE_CONFIG: await home.writeConfig() };
    const places = { providers: backendConfigSchemas(), simulators: SIMULATORS, env, cwd: home.directory };
    // No file may say so with SQLite, which one process has for itself; here the worker comes later.
    const config = { ...loadConfig(places), roles: ['api' as const] };
    const gateway = await startGateway({ config, logger: silentLogger });
    try {
      await askForVms(new GatewayClient(() => gateway.http.url, ADMIN_TOKEN), count);
    } finally {
      await gateway.close();
      await home.remove();
    }
    const backlog = new Backlog(await openDatabase(database, TABLES));
    await backlog.put(AN_HOUR_MS);
    return backlog;
  }

  /** Lets the workers begin, all at the same moment. Milliseconds since the epoch, by the database's clock. */
  async release(): Promise<number> {
    await this.put(0);
    return this.database.now();
  }

  private async put(laterMs: number): Promise<void> {
    const at = `${nowSql(this.database.dialect)} + ${laterMs}`;
    await this.database.transaction((session) => session.query(`UPDATE task SET available_at = ${at}`));
  }

  async open(): Promise<number> {
    const open = await this.read<{ count: string }>('SELECT COUNT(*) AS count FROM task WHERE open = 1');
    return Number(open.count);
  }

  /** When the last task ended, by the database's clock. @throws when one has not succeeded */
  async endedAt(): Promise<number> {
    const row = await this.read<{ endedAt: string; failed: string }>(
      "SELECT MAX(ended_at) AS endedAt, SUM(CASE WHEN status = 'SUCCEEDED' THEN 0 ELSE 1 END) AS failed FROM task",
    );
    if (Number(row.failed) > 0) throw new Error(`${row.failed} tasks did not succeed.`);
    return Number(row.endedAt);
  }

  private async read<Row>(sql: string): Promise<Row> {
    const [row]: Row[] = await this.database.reader.query(sql);
    if (!row) throw new Error(`No row: ${sql}`);
    return row;
  }

  async close(): Promise<void> {
    await this.database.close();
  }
}

interface Named {
  readonly id: string;
}

async function askForVms(client: GatewayClient, count: number): Promise<void> {
  const { createTenant } = (await client.request(
    'mutation { createTenant(input: { slug: "acme", name: "Acme" }) { tenant { id } } }',
  )) as { createTenant: { tenant: Named } };
  const { registerTemplate } = (await client.request(
    'mutation { registerTemplate(input: { name: "tiny", realizations: [{ backend: "lab", imageRef: "tiny" }] })' +
      ' { template { id } } }',
  )) as { registerTemplate: { template: Named } };
  const common = {
    tenantId: createTenant.tenant.id,
    templateId: registerTemplate.template.id,
    backend: 'lab',
  };
  let next = 0;
  const ask = async (): Promise<void> => {
    while (next < count) {
      const input = { ...common, name: `vm-${(next += 1)}`, memoryMib: 512 };
      await client.request('mutation ($input: CreateVmInput!) { createVm(input: $input) { task { id } } }', {
        input,
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
}
