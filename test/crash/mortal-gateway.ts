import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createMemoryBackend } from '../../src/providers/memory';
import type { MemoryBackend, MemoryConfigInput } from '../../src/providers/memory';
import { databaseFolder } from '../support/test-databases';
import { buildGateway, GATEWAY_MAIN } from '../peers/support/gateway-build';
import { EngineStage } from '../tasks/engine-stage';

const ADMIN_TOKEN = 'a-token-for-a-test-0123456789abcdef';

/** A gateway in a process of its own that can be told where to die, over a database and a backend that outlive it. */
export class MortalGateway {
  private readonly dir = databaseFolder('hypergate-crash-');
  private readonly stateFile = join(this.dir, 'backend.json');
  private readonly databaseFile = join(this.dir, 'hypergate.db');
  private process: ChildProcess | null = null;
  private url = '';
  private output = '';

  constructor(private readonly backend: MemoryConfigInput = {}) {}

  /** Starts it; with `crashAt` it kills itself at that point. Resolves when it listens, or is dead already. */
  async start(crashAt: string | null): Promise<void> {
    const config = {
      server: { port: 0, ide: false, drainMs: 1_000 },
      database: { type: 'sqlite', file: this.databaseFile },
      auth: { adminToken: ADMIN_TOKEN },
      tasks: { leaseMs: 1_000, heartbeatMs: 100, pollMs: 20 },
      backends: [
        { ...this.backend, name: 'demo', kind: 'memory', location: 'INTERNAL', stateFile: this.stateFile },
      ],
      ...(crashAt === null ? {} : { faults: { crashAt } }),
    };
    await buildGateway();
    writeFileSync(join(this.dir, 'hypergate.yaml'), JSON.stringify(config));
    this.output = '';
    const child = spawn(process.execPath, [GATEWAY_MAIN], {
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    const listening = new Promise<void>((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        this.output += `${line}\n`;
        const url = /"url":"([^"]+)".*The gateway listens/.exec(line)?.[1];
        if (url === undefined) return;
        this.url = url;
        resolve();
      });
    });
    await Promise.race([listening, once(child, 'exit')]);
    if (child.exitCode !== null) throw new Error(`The gateway did not start:\n${this.output}`);
  }

  /** Resolves when it has died by SIGKILL, which it does at its crash point only. */
  async death(): Promise<void> {
    const child = this.process;
    if (!child) throw new Error('It was not started.');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (child.signalCode !== 'SIGKILL') throw new Error(`It ended by itself:\n${this.output}`);
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  async query<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Makes a tenant and a template, and asks for a VM; the task's id. */
  async createVm(): Promise<string> {
    const { createTenant } = await this.query<{ createTenant: { tenant: { id: string } } }>(
      'mutation { createTenant(input: { slug: "acme", name: "Acme" }) { tenant { id } } }',
    );
    const { registerTemplate } = await this.query<{ registerTemplate: { template: { id: string } } }>(
      'mutation { registerTemplate(input: { name: "tiny", realizations: [{ backend: "demo", imageRef: "tiny" }] })' +
        ' { template { id } } }',
    );
    const input = {
      ...{ tenantId: createTenant.tenant.id, templateId: registerTemplate.template.id, backend: 'demo' },
      ...{ name: 'vm', memoryMib: 512 },
    };
    const { createVm } = await this.query<{ createVm: { task: { id: string } } }>(
      'mutation ($input: CreateVmInput!) { createVm(input: $input) { task { id } } }',
      { input },
    );
    return createVm.task.id;
  }

  /** What the backend holds, read from its own file. */
  openBackend(): MemoryBackend {
    return createMemoryBackend({ ...this.backend, stateFile: this.stateFile });
  }

  /** The database, seen from another process. */
  openStage(): Promise<EngineStage> {
    return EngineStage.open({ type: 'sqlite', file: this.databaseFile });
  }

  /** The one task that was recorded, for whoever did not hear of it. */
  async onlyTask(): Promise<string> {
    const stage = await this.openStage();
    const [task] = await stage.database.reader.find<{ id: string }>('Task');
    await stage.close();
    if (!task) throw new Error(`No task was recorded:\n${this.output}`);
    return task.id;
  }

  async remove(): Promise<void> {
    this.process?.kill('SIGKILL');
    if (this.process && this.process.exitCode === null && this.process.signalCode === null) {
      await once(this.process, 'exit');
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
