import type { Protection } from '../../../src/kernel';
import type { Asked } from '../acknowledgements';
import type { FaultyBackend } from '../backends';
import type { ChaosDatabase } from '../chaos-database';
import { ChaosWorld } from '../chaos-world';
import { judge } from '../invariants';
import { Load } from '../load';
import type { Tenant } from '../load';
import type { Worker } from '../worker';

/** Each step is waited for as long as it takes; a test that hangs is ended by the runner. */
const LOOK_MS = 50;
const SIZE = { cpuCount: 1, memoryMib: 512, diskGib: 8 };

export interface RehearsalOptions {
  readonly database: ChaosDatabase;
  /** Closed with the rehearsal, and so is the database. */
  readonly backend: FaultyBackend;
  readonly gateways: number;
  readonly disable: readonly Protection[];
  /** How a gateway reaches the database, if not directly. */
  readonly databaseOf?: (gateway: number) => object;
  readonly tasks?: object;
}

/** One tenant, one backend, and gateways that meet their end where they are told to. */
export class Rehearsal {
  private load: Load | null = null;
  private tenant: Tenant | null = null;

  private constructor(
    readonly world: ChaosWorld,
    private readonly backend: FaultyBackend,
  ) {}

  static async open({ gateways, backend, ...options }: RehearsalOptions): Promise<Rehearsal> {
    const { disable } = options;
    const world = await ChaosWorld.open(
      {
        ...{ database: 'sqlite', workers: gateways, backends: [], disable },
        ...{ loseReply: 0, lagMs: 0, seed: 1 },
      },
      { ...options, backends: [backend] },
    );
    return new Rehearsal(world, backend);
  }

  gateway(index: number): Worker {
    const worker = this.world.workers[index];
    if (!worker) throw new Error(`There is no gateway ${index}.`);
    return worker;
  }

  /** Starts the first gateway, which makes the tenant and meets its end where it is told to after that. */
  async begin(crashAt: string): Promise<void> {
    await this.gateway(0).start(crashAt);
    this.load = new Load(this.world.client, {
      ...{ tasks: 0, clients: 1, seed: 1 },
      backends: [this.backend],
    });
    [this.tenant = null] = await this.load.prepare();
  }

  /** Until it is answered, whoever answers. */
  createVm(): Promise<Asked> {
    const { templateId } = this.own;
    return this.ask('createVm', { name: 'vm', backend: this.backend.name, templateId, ...SIZE });
  }

  deleteVm(id: string): Promise<Asked> {
    return this.ask('deleteVm', { id });
  }

  async cancel({ taskId, acknowledgement }: Asked): Promise<void> {
    acknowledgement.cancelled = true;
    await this.own.client.request('mutation ($id: ID!) { cancelTask(input: { id: $id }) { task { id } } }', {
      id: taskId,
    });
  }

  async settled(): Promise<void> {
    if (!(await this.world.untilNothingIsOpen())) throw new Error('Something stays open.');
  }

  /** @returns what does not hold, by name */
  async broken(): Promise<string[]> {
    const verdicts = judge(await this.world.evidence(this.load?.acknowledgements.all ?? []));
    return verdicts.filter(({ violations }) => violations.length > 0).map(({ invariant }) => invariant);
  }

  close(): Promise<void> {
    return this.world.remove();
  }

  private get own(): Tenant {
    if (!this.tenant) throw new Error('The rehearsal has not begun.');
    return this.tenant;
  }

  private async ask(mutation: string, input: object): Promise<Asked> {
    if (!this.load) throw new Error('The rehearsal has not begun.');
    return this.load.acknowledgements.ask(this.own.client, mutation, input);
  }
}

/** Resolves when it is so. */
export async function comesAbout(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
