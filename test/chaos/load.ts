import { seededRandom } from '../../src/simulators/network/seeded-random';
import { Acknowledgements } from './acknowledgements';
import type { Asked } from './acknowledgements';
import type { Acknowledgement } from './evidence';
import type { PatientClient } from './patient-client';

const TENANTS = 3;
/** How often a VM's story goes on after its creation. */
const CANCELLED = 0.08;
const RESTARTED = 0.15;
const DELETED = 0.35;

export interface Tenant {
  readonly id: string;
  readonly client: PatientClient;
  readonly templateId: string;
}

export interface LoadOptions {
  readonly tasks: number;
  readonly clients: number;
  readonly seed: number;
  readonly backends: readonly { readonly name: string; readonly imageRef: string }[];
}

/** Clients that ask for VMs and for what one does with them, each mutation with a key, repeated until it is answered. */
export class Load {
  readonly acknowledgements = new Acknowledgements();
  private readonly random: () => number;
  private asked = 0;

  constructor(
    private readonly admin: PatientClient,
    private readonly options: LoadOptions,
  ) {
    this.random = seededRandom(options.seed);
  }

  /** Resolves when every operation has been acknowledged; most are under way then. */
  async run(tenants: readonly Tenant[]): Promise<void> {
    const tell = async (): Promise<void> => {
      while (this.asked < this.options.tasks) await this.story(tenants[Math.floor(this.random() * TENANTS)]);
    };
    await Promise.all(Array.from({ length: this.options.clients }, tell));
  }

  /** The tenants, before anything goes wrong. */
  prepare(): Promise<Tenant[]> {
    const realizations = this.options.backends.map(({ name, imageRef }) => ({ backend: name, imageRef }));
    return Promise.all(
      Array.from({ length: TENANTS }, async (_none, index) => {
        const slug = `tenant-${index}`;
        const made = await this.admin.request(
          'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }',
          { input: { slug, name: slug, idempotencyKey: slug } },
        );
        const tenantId = made.createTenant.tenant.id as string;
        const token = await this.admin.request(
          'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret } }',
          { input: { tenantId, role: 'OPERATOR', name: 'load', idempotencyKey: `token-${index}` } },
        );
        const template = await this.admin.request(
          'mutation ($input: RegisterTemplateInput!) { registerTemplate(input: $input) { template { id } } }',
          { input: { tenantId, name: 'load', realizations, idempotencyKey: `template-${index}` } },
        );
        const client = this.admin.as(token.createApiToken.secret as string);
        return { id: tenantId, client, templateId: template.registerTemplate.template.id as string };
      }),
    );
  }

  private async story(tenant: Tenant | undefined): Promise<void> {
    if (!tenant) return;
    const { backends } = this.options;
    const name = `vm-${this.asked}`;
    const backend = backends[this.asked % backends.length]?.name;
    const [cancelled, restarted, deleted] = [CANCELLED, RESTARTED, DELETED].map((p) => this.random() < p);
    const size = { cpuCount: 1, memoryMib: 512, diskGib: 8 };
    const input = { name, backend, templateId: tenant.templateId, ...size };
    const { id, acknowledgement } = await this.ask(tenant, 'createVm', input);
    if (cancelled) return this.cancel(tenant, acknowledgement);
    if (restarted) await this.ask(tenant, 'rebootVm', { id });
    if (deleted) await this.ask(tenant, 'deleteVm', { id });
  }

  private ask(tenant: Tenant, mutation: string, input: object): Promise<Asked> {
    this.asked += 1;
    return this.acknowledgements.ask(tenant.client, mutation, input);
  }

  /** It may come too late, which is as well. */
  private async cancel({ client }: Tenant, acknowledgement: Acknowledgement): Promise<void> {
    acknowledgement.cancelled = true;
    const query = 'mutation ($id: ID!) { cancelTask(input: { id: $id }) { task { id } } }';
    await client.request(query, { id: acknowledgement.taskId }).catch(() => undefined);
  }
}
