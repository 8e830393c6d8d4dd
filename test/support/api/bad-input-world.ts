import BetterSqlite3 from 'better-sqlite3';
import { createNetwork, createTenancy, createVm, registerTemplate } from './requests';
import type { Tenancy } from './requests';
import { TestGateway } from './test-gateway';

const TABLES = [
  ...['tenant', 'api_token', 'template', 'template_realization', 'network', 'vm', 'vm_nic', 'vm_label'],
  ...['vm_guest_config', 'task', 'task_step', 'outbox', 'idempotency', 'reservation'],
];

/** A gateway with enough in it that every kind of bad input can be tried, and a look at all that one could leave. */
export class BadInputWorld {
  private constructor(
    readonly gateway: TestGateway,
    readonly acme: Tenancy,
    readonly bolt: Tenancy,
    private readonly ids: Readonly<Record<string, string>>,
    private readonly database: BetterSqlite3.Database,
  ) {}

  static async make(): Promise<BadInputWorld> {
    const images = [{ name: 'tiny' }, { name: 'image-of-large', minDiskGib: 10 }];
    for (const name of ['tiny', 'bolts']) images.push({ name: `image-of-${name}` });
    const capabilities = {
      guestCustomization: false,
      networkModes: ['NAT' as const],
      overlappingCidrs: false,
    };
    const gateway = await TestGateway.start({ backends: { lab: { images }, narrow: { capabilities } } });
    const { admin } = gateway;
    const acme = await createTenancy(admin, 'acme');
    const bolt = await createTenancy(admin, 'bolt');
    const template = await registerTemplate(admin, { name: 'tiny', backends: ['lab', 'narrow'] });
    const ids = {
      template,
      largeTemplate: await registerTemplate(admin, { name: 'large' }),
      foreignTemplate: await registerTemplate(admin, { name: 'bolts', tenantId: bolt.id }),
      network: await createNetwork(acme.operator, { name: 'own', cidr: '10.50.0.0/24' }),
      narrowNetwork: await createNetwork(acme.operator, {
        name: 'far',
        cidr: '10.51.0.0/24',
        backend: 'narrow',
      }),
      foreignNetwork: await createNetwork(bolt.operator, {
        name: 'own',
        cidr: '10.60.0.0/24',
        backend: 'narrow',
      }),
      vm: await createVm(acme.operator, { name: 'there', templateId: template, diskGib: 5 }),
    };
    const database = new BetterSqlite3(gateway.sqliteFile, { readonly: true });
    return new BadInputWorld(gateway, acme, bolt, ids, database);
  }

  get largeTemplate(): string {
    return this.ids['largeTemplate'] ?? '';
  }

  get foreignTemplate(): string {
    return this.ids['foreignTemplate'] ?? '';
  }

  get network(): string {
    return this.ids['network'] ?? '';
  }

  /** On the backend `narrow`. */
  get narrowNetwork(): string {
    return this.ids['narrowNetwork'] ?? '';
  }

  get foreignNetwork(): string {
    return this.ids['foreignNetwork'] ?? '';
  }

  /** With a disk of 5 GiB. */
  get vm(): string {
    return this.ids['vm'] ?? '';
  }

  /** What would be accepted but for `input`. */
  inputFor(mutation: string, input: object): object {
    const good =
      mutation === 'createVm'
        ? { name: 'good', templateId: this.ids['template'], backend: 'lab' }
        : { name: 'good', backend: 'lab', cidr: '10.99.0.0/24', mode: 'NAT' };
    return { ...good, ...input };
  }

  /** How many rows each table has, and what the backends hold. */
  traces(): Readonly<Record<string, number>> {
    const counts = TABLES.map((table): [string, number] => {
      const row = this.database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get() as { n: number };
      return [table, row.n];
    });
    const backends = ['lab', 'narrow'].map((name) => this.gateway.backend(name));
    return {
      ...Object.fromEntries(counts),
      vmsOnBackends: backends.reduce((sum, backend) => sum + backend.vms().length, 0),
      networksOnBackends: backends.reduce((sum, backend) => sum + backend.networks().length, 0),
    };
  }

  async close(): Promise<void> {
    this.database.close();
    await this.gateway.close();
  }
}
