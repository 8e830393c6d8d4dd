import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { EventCursors, EventFeed } from '../../src/events';
import { silentLogger, TenantScope } from '../../src/kernel';
import { assembleNouns } from '../../src/gateway/nouns';
import { guardProvider } from '../../src/providers/contract';
import type { GuardOptions, HypervisorProvider } from '../../src/providers/contract';
import { createMemoryBackend } from '../../src/providers/memory';
import type { MemoryBackend, MemoryConfigInput } from '../../src/providers/memory';
import { TABLES } from '../../src/gateway/tables';
import { TaskEngine, TaskEventStreams } from '../../src/tasks';
import type { Task } from '../../src/tasks';
import { VmObserver } from '../../src/vms';
import type { Vm } from '../../src/vms/vm';
import { sqliteDatabases } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

/** Here every tenant is one that there is. */
const requireTenant = (): Promise<void> => Promise.resolve();

export const ADMIN = TenantScope.administrator();
export const INSTALLATION = {
  id: 'installation-of-a-test',
  cursorKey: Buffer.alloc(16, 3),
  rootKey: Buffer.alloc(32, 3),
};

type Nouns = ReturnType<typeof assembleNouns>;
export type Method = keyof HypervisorProvider;

export interface StageOptions {
  readonly backend?: MemoryConfigInput;
  /** Changes the connection before the gateway gets it. */
  readonly wrap?: (provider: HypervisorProvider) => HypervisorProvider;
  /** Of the guard around the connection. */
  readonly guard?: GuardOptions;
  /** Without it nobody tells of what happens on the backend but the workflows. */
  readonly observe?: boolean;
  /** Where its database comes from; SQLite when absent. */
  readonly openDatabases?: OpenDatabases;
}

/** A gateway without its edge: services, engine and observer over one memory backend and one tenant. */
export class WorkflowStage {
  /** Every call of the backend, in order. */
  readonly calls: Method[] = [];
  tenantId = '';
  templateId = '';
  private engines: TaskEngine[] = [];
  readonly observer: VmObserver;
  private readonly closing = new AbortController();
  private observations: Promise<unknown> = Promise.resolve();
  readonly streams: TaskEventStreams;

  private constructor(
    private readonly databases: TestDatabases,
    readonly config: DatabaseConfig,
    readonly database: Database,
    readonly feed: EventFeed,
    readonly backend: MemoryBackend,
    readonly nouns: Nouns,
  ) {
    const cursors = new EventCursors(INSTALLATION.cursorKey);
    const { tasks } = nouns.services;
    const { vms, networks, backends } = nouns.stores;
    this.observer = new VmObserver({
      ...{ store: vms, networks, backends, installationId: INSTALLATION.id, quotas: nouns.services.ledger },
      logger: silentLogger,
    });
    this.streams = new TaskEventStreams({ feed, cursors, tasks, requireTenant, maxBacklog: 10_000 });
  }

  static async open({
    backend = {},
    wrap,
    guard,
    observe = true,
    openDatabases = sqliteDatabases,
  }: StageOptions = {}): Promise<WorkflowStage> {
    const databases = await openDatabases();
    const config = await databases.fresh();
    const database = await openDatabase(config, TABLES);
    const feed = new EventFeed({ database, logger: silentLogger, pollMs: 20 });
    await feed.start();
    const memory = createMemoryBackend(backend);
    const engines: TaskEngine[] = [];
    const nouns = assembleNouns({
      ...{ database, feed, installation: INSTALLATION, logger: silentLogger, maxBacklog: 10_000 },
      wakeEngine: () => {
        for (const engine of engines) engine.wake();
      },
    });
    const stage = new WorkflowStage(databases, config, database, feed, memory, nouns);
    stage.engines = engines;
    const counted = stage.counting(memory.connect());
    const provider = guardProvider(wrap ? wrap(counted) : counted, { windDownMs: 50, ...guard });
    await nouns.stores.backends.open([
      { backend: { name: 'demo', kind: 'memory', location: 'INTERNAL' }, provider },
    ]);
    nouns.stores.backends.startProbing();
    await stage.furnish();
    if (observe) stage.observe();
    return stage;
  }

  /** Takes in what the backend tells from now on. */
  observe(): void {
    const live = this.nouns.stores.backends.allLive();
    const { signal } = this.closing;
    this.observations = Promise.all(live.map((one) => this.observer.observe(one, signal)));
  }

  private async furnish(): Promise<void> {
    const { tenants, templates } = this.nouns.services;
    this.tenantId = (await tenants.create(ADMIN, { slug: 'acme', name: 'Acme' })).id;
    const realizations = [{ backend: 'demo', imageRef: 'tiny' }];
    const template = { name: 'tiny', realizations, minDiskGib: null, tenantId: null };
    this.templateId = (await templates.register(ADMIN, template)).id;
    this.calls.length = 0;
  }

  /** Writes down which method is called; the fate of the call is the backend's own business. */
  private counting(provider: HypervisorProvider): HypervisorProvider {
    return new Proxy(provider, {
      get: (target, name: Method) => {
        const member: unknown = target[name];
        if (typeof member !== 'function') return member;
        return (...values: unknown[]) => {
          this.calls.push(name);
          return (member as (...values: unknown[]) => unknown).apply(target, values);
        };
      },
    });
  }

  engine(options: Partial<ConstructorParameters<typeof TaskEngine>[0]> = {}): TaskEngine {
    const engine = new TaskEngine({
      ...{ database: this.database, tasks: this.nouns.stores.tasks, workflows: this.nouns.workflows },
      ...{ logger: silentLogger, owner: `worker-${String(this.engines.length)}`, concurrency: 8 },
      ...{ leaseMs: 30_000, heartbeatMs: 10_000, pollMs: 20, maxCrashes: 5, ...options },
    });
    this.engines.push(engine);
    engine.start();
    return engine;
  }

  async createNetwork(name = 'lan', cidr = '10.1.0.0/24'): Promise<{ networkId: string; taskId: string }> {
    const input = {
      tenantId: this.tenantId,
      backend: 'demo',
      name,
      cidr,
      idempotencyKey: null,
    };
    const { network, task } = await this.nouns.services.networks.create(ADMIN, { ...input, mode: 'NAT' });
    return { networkId: network.id, taskId: task.id };
  }

  async createVm(networkIds: readonly string[] = [], name = 'vm'): Promise<{ vmId: string; taskId: string }> {
    const { vm, task } = await this.nouns.services.vms.create(ADMIN, {
      ...{ tenantId: this.tenantId, name, templateId: this.templateId, backend: 'demo', networkIds },
      ...{ cpuCount: 1, memoryMib: 512, diskGib: 2, userData: null, sshKeys: [], labels: [] },
      ...{ powerOn: true, idempotencyKey: null },
    });
    return { vmId: vm.id, taskId: task.id };
  }

  /** A VM that is there and runs. */
  async runningVm(): Promise<string> {
    const { vmId, taskId } = await this.createVm();
    const task = await this.ended(taskId);
    if (task.status !== 'SUCCEEDED') throw new Error(`The VM was not made: ${String(task.message)}`);
    this.calls.length = 0;
    return vmId;
  }

  async vm(id: string): Promise<Vm> {
    return this.nouns.services.vms.get(ADMIN, id);
  }

  async ended(taskId: string): Promise<Task> {
    const stream = await this.streams.subscribe(ADMIN, { taskId, tenantId: null, after: null });
    for await (const { task } of stream) if (task.endedAt !== null) return task;
    throw new Error('The stream ended before the task.');
  }

  async until(taskId: string, fits: (task: Task) => boolean): Promise<Task> {
    const stream = await this.streams.subscribe(ADMIN, { taskId, tenantId: null, after: null });
    for await (const { task } of stream) if (fits(task)) return task;
    throw new Error('The task ended before that.');
  }

  async close(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.stop(0)));
    this.closing.abort();
    await this.observations;
    await this.nouns.stores.backends.close();
    await this.feed.close();
    this.backend.close();
    await this.database.close();
    await this.databases.close();
  }
}
