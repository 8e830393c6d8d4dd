import BetterSqlite3 from 'better-sqlite3';
import type { ApiClient } from '../support/api/api-client';
import {
  createNetwork,
  createTenancy,
  createToken,
  registerTemplate,
  startVm,
  succeeded,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';

/** Everything that a mutation can leave behind, as a question to the database. */
const TRACES = {
  tenants: 'SELECT COUNT(*) AS n FROM tenant',
  tokens: 'SELECT COUNT(*) AS n FROM api_token',
  revokedTokens: 'SELECT COUNT(*) AS n FROM api_token WHERE revoked_at IS NOT NULL',
  templates: 'SELECT COUNT(*) AS n FROM template',
  networks: 'SELECT COUNT(*) AS n FROM network',
  vms: 'SELECT COUNT(*) AS n FROM vm',
  tasks: 'SELECT COUNT(*) AS n FROM task',
  cancelledTasks: "SELECT COUNT(*) AS n FROM task WHERE status = 'CANCELLED'",
  quotas: 'SELECT COUNT(*) AS n FROM quota',
  keys: 'SELECT COUNT(*) AS n FROM idempotency',
} as const;

/** How many there are of each. */
export type Traces = Readonly<Record<keyof typeof TRACES, number>>;

export const NO_TRACES: Traces = {
  ...{ tenants: 0, tokens: 0, revokedTokens: 0, templates: 0, networks: 0, vms: 0, tasks: 0 },
  ...{ cancelledTasks: 0, quotas: 0, keys: 0 },
};

/** A tenant on a gateway with one of each, which nobody touches. */
export interface Standing {
  readonly template: string;
  readonly network: string;
  readonly vm: string;
  /** The task that made the VM. */
  readonly task: string;
  readonly token: string;
}

export class IdempotencyWorld {
  private numbers = 0;

  private constructor(
    readonly gateway: TestGateway,
    readonly acme: Tenancy,
    readonly standing: Standing,
    private readonly database: BetterSqlite3.Database,
  ) {}

  static async make(): Promise<IdempotencyWorld> {
    const gateway = await TestGateway.start();
    const acme = await createTenancy(gateway.admin, 'acme');
    const template = await registerTemplate(gateway.admin, { name: 'standing' });
    const network = await createNetwork(acme.operator, { name: 'standing', cidr: '10.255.0.0/24' });
    const vm = await startVm(acme.operator, { name: 'standing', templateId: template });
    await succeeded(acme.viewer, vm.taskId);
    const token = (await createToken(acme.owner, { role: 'VIEWER' })).id;
    const standing = { template, network, vm: vm.id, task: vm.taskId, token };
    const database = new BetterSqlite3(gateway.sqliteFile, { readonly: true });
    return new IdempotencyWorld(gateway, acme, standing, database);
  }

  caller(who: 'admin' | 'owner'): ApiClient {
    return who === 'admin' ? this.gateway.admin : this.acme.owner;
  }

  /** A number that nothing has yet, for names, keys and prefixes. */
  next(): number {
    return (this.numbers += 1);
  }

  traces(): Traces {
    const counted = Object.entries(TRACES).map(([name, sql]) => {
      const { n } = this.database.prepare(sql).get() as { n: number };
      return [name, n];
    });
    return Object.fromEntries(counted) as Traces;
  }

  /** What has come since. */
  tracesSince(before: Traces): Traces {
    const now = Object.entries(this.traces()) as [keyof Traces, number][];
    return Object.fromEntries(now.map(([name, n]) => [name, n - before[name]])) as unknown as Traces;
  }

  async close(): Promise<void> {
    this.database.close();
    await this.gateway.close();
  }
}
