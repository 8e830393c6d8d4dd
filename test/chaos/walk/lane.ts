import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../../src/database';
import type { Database } from '../../../src/database';
import { TABLES } from '../../../src/gateway/tables';
import { ADMIN_TOKEN } from '../../peers/support/gateway-process';
import { startBackends } from '../backends';
import type { BackendKind, FaultyBackend } from '../backends';
import { prepareTables, readRecords, startDatabase } from '../chaos-database';
import type { ChaosDatabase } from '../chaos-database';
import { judge } from '../invariants';
import type { Verdict } from '../invariants';
import { Load } from '../load';
import { PatientClient, Refusal } from '../patient-client';
import { ArmedGateway } from './armed-gateway';
import type { Stage } from './scenarios';

const LOOK_MS = 100;
/** Far more than one operation needs, with all its deaths on a busy machine. */
const PATIENCE_MS = 600_000;
/** Events are placed after their commit. */
const EVENTS_MS = 1_500;
const LAG_MS = 300;
const MAY_FAIL = 'nothing failed that only met faults that pass';

/** A database, a backend and a gateway of one's own: lanes walk side by side and know nothing of each other. */
export class Lane {
  /** Tasks that met what does not pass. */
  readonly mayFail = new Set<string>();
  readonly stage: Stage;
  private numbers = 0;
  private readonly made: { readonly id: string; readonly noun: string }[] = [];

  private constructor(
    readonly backend: FaultyBackend,
    readonly gateway: ArmedGateway,
    /** Takes over from one that is frozen; null where the backend or the database bears one gateway only. */
    readonly relief: ArmedGateway | null,
    private readonly records: { readonly server: ChaosDatabase; readonly reader: Database },
    private readonly load: Load,
    tenant: { readonly client: PatientClient; readonly templateId: string },
  ) {
    const { client, templateId } = tenant;
    this.stage = {
      ...{ client, templateId, backend: backend.name },
      fresh: () => (this.numbers += 1),
      ask: async (mutation, input) => {
        const asked = await this.load.acknowledgements.ask(client, mutation, input);
        if (mutation.startsWith('create')) this.made.push({ id: asked.id, noun: mutation.slice(6) });
        return asked;
      },
      settle: () => this.untilNothingIsOpen(),
    };
  }

  static async open(kind: BackendKind, database: 'sqlite' | 'mariadb'): Promise<Lane> {
    const server = await startDatabase(database);
    await prepareTables(server.config);
    const reader = await openDatabase(server.config, TABLES);
    const [backend] = await startBackends([kind], { loseReply: 0, lagMs: LAG_MS, seed: 1 });
    if (!backend) throw new Error('There is no backend.');
    const config = { backends: [backend.entry], database: server.config };
    const gateway = await ArmedGateway.make(config);
    const relief = database === 'mariadb' ? await ArmedGateway.make(config) : null;
    await gateway.live({});
    const urls = (): string[] => [gateway.address ?? relief?.address ?? []].flat();
    const admin = new PatientClient(urls, ADMIN_TOKEN);
    const load = new Load(admin, { tasks: 0, clients: 1, seed: 1, backends: [backend] });
    const [tenant] = await load.prepare();
    if (!tenant) throw new Error('There is no tenant.');
    return new Lane(backend, gateway, relief, { server, reader }, load, tenant);
  }

  async untilNothingIsOpen(): Promise<void> {
    for (const since = Date.now(); (await this.open()) > 0; await sleep(LOOK_MS)) {
      if (Date.now() - since > PATIENCE_MS) throw new Error(`Something stays open:\n${this.gateway.output}`);
    }
  }

  private async open(): Promise<number> {
    const [row] = await this.records.reader.reader.query('SELECT COUNT(*) AS open FROM task WHERE open = 1');
    return Number(row.open);
  }

  /** While this goes on nobody else writes: what a database does that is away. */
  async holdDatabase(ms: number): Promise<void> {
    await this.records.reader.transaction(async () => {
      await sleep(ms);
    });
  }

  /** Where there is little room: nobody needs the VMs and networks of operations that are over. */
  async clear(): Promise<void> {
    if (this.backend.isSmall !== true || this.made.length === 0) return;
    await this.gateway.live({});
    // VMs before the networks that they are on.
    for (const { id, noun } of this.made.splice(0).sort((a, b) => b.noun.localeCompare(a.noun))) {
      await this.stage.ask(`delete${noun}`, { id }).catch(ignoreRefusal);
      await this.untilNothingIsOpen();
    }
  }

  /** Once everything has come to rest. */
  async judge(): Promise<Verdict[]> {
    await sleep(EVENTS_MS + LAG_MS);
    const { installationId, ...records } = await readRecords(this.records.server.config);
    const backendVms = await this.backend.inventory(installationId);
    const acknowledgements = this.load.acknowledgements.all;
    const verdicts = judge({ ...records, backendVms, acknowledgements });
    return verdicts.map(({ invariant, violations }) => ({
      invariant,
      violations:
        invariant === MAY_FAIL
          ? violations.filter((one) => !this.mayFail.has(one.split(' ')[0] ?? ''))
          : violations,
    }));
  }

  async remove(): Promise<void> {
    await this.gateway.remove();
    await this.relief?.remove();
    await this.backend.close();
    await this.records.reader.close();
    await this.records.server.close();
  }
}

/** It may be gone. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
