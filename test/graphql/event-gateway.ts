import { configSchema } from '../../src/config/config.schema';
import { serveApi } from '../../src/gateway/api-resolvers';
import { openDatabase } from '../../src/database';
import { EventFeed } from '../../src/events';
import type { EventDraft } from '../../src/events';
import { startHttpServer } from '../../src/graphql';
import type { EdgeLimits, HttpServer, SocketTimings } from '../../src/graphql';
import { InstallationStore } from '../../src/installation';
import { AppError, newId, silentLogger, TenantScope } from '../../src/kernel';
import type { Role } from '../../src/kernel';
import { assembleNouns } from '../../src/gateway/nouns';
import { TABLES } from '../../src/gateway/tables';
import { sqliteDatabases } from '../support/test-databases';

export const TASK_EVENTS = `subscription ($tenantId: ID, $after: String) {
  taskEvents(tenantId: $tenantId, after: $after) { cursor kind task { id progress message } }
}`;

interface EventGatewayOptions {
  readonly maxBacklog?: number;
  readonly limits?: Partial<EdgeLimits>;
  readonly timings?: Partial<SocketTimings>;
}

/** The edge, the API and the feed of a gateway, in which a test writes the events. */
export class EventGateway {
  private sequence = 0;
  private readonly revoked = new Set<string>();

  private constructor(
    readonly server: HttpServer,
    readonly feed: EventFeed,
    private readonly parts: {
      readonly database: Awaited<ReturnType<typeof openDatabase>>;
      readonly nouns: ReturnType<typeof assembleNouns>;
      readonly closeDatabases: () => Promise<void>;
    },
    private readonly authenticator: { revoked: ReadonlySet<string> },
  ) {
    authenticator.revoked = this.revoked;
  }

  static async start(options: EventGatewayOptions = {}): Promise<EventGateway> {
    const databases = await sqliteDatabases();
    const database = await openDatabase(await databases.fresh(), TABLES);
    const feed = new EventFeed({ database, logger: silentLogger, pollMs: 20 });
    await feed.start();
    const installation = await new InstallationStore(database).load();
    const nouns = assembleNouns({
      ...{ database, feed, installation, logger: silentLogger, wakeEngine: () => undefined },
      maxBacklog: options.maxBacklog ?? 10_000,
    });
    const settings = configSchema.parse({ server: { port: 0 }, backends: [] });
    const authenticator = { revoked: new Set<string>() as ReadonlySet<string> };
    const server = await startHttpServer({
      ...{ schema: serveApi(nouns.resolvers), seeds: nouns.seeds, logger: silentLogger },
      server: settings.server,
      limits: { ...settings.limits, ...options.limits },
      authenticate: (token) => {
        if (authenticator.revoked.has(token)) {
          return Promise.reject(new AppError('UNAUTHENTICATED', 'Revoked.'));
        }
        return Promise.resolve({ scope: scopeOf(token), expiresAt: null });
      },
      readiness: () => database.ping(),
      ...(options.timings && { timings: options.timings }),
    });
    const closeDatabases = () => databases.close();
    return new EventGateway(server, feed, { database, nouns, closeDatabases }, authenticator);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.feed.close();
    await this.parts.database.close();
    await this.parts.closeDatabases();
  }

  async tenant(slug: string): Promise<string> {
    const { tenants } = this.parts.nouns.services;
    return (await tenants.create(TenantScope.administrator(), { slug, name: slug })).id;
  }

  /** What `scopeOf` reads back. A tenant may have many tokens of one role. */
  token(tenantId: string, role: Role = 'VIEWER', name = ''): string {
    return `${tenantId}:${role}:${name}`;
  }

  revoke(token: string): void {
    this.revoked.add(token);
  }

  /** Writes task events in one transaction each call; each `message` tells its number and its tenant. */
  async emit(tenantIds: readonly (string | null)[], pad = ''): Promise<void> {
    await this.write(
      tenantIds.map((tenantId) => {
        this.sequence += 1;
        const task = { id: newId('task'), tenantId, status: 'RUNNING', progress: 1, steps: [] };
        const message = `${this.sequence} ${tenantId ?? '-'} ${pad}`;
        return { ...this.draft('TASK', task.id, tenantId), payload: { ...task, message } };
      }),
    );
  }

  async emitVm(tenantId: string, vm: object): Promise<void> {
    await this.write([{ ...this.draft('VM', newId('vm'), tenantId), payload: { tenantId, ...vm } }]);
  }

  private draft(topic: 'TASK' | 'VM', subjectId: string, tenantId: string | null) {
    const kind = topic === 'TASK' ? 'PROGRESS' : 'CHANGED';
    return { topic, subjectId, sequence: 1, tenantId, kind, at: Date.now() };
  }

  private async write(drafts: readonly EventDraft[]): Promise<void> {
    const { database } = this.parts;
    await database.transaction(async (session) => {
      for (const draft of drafts) await this.feed.append(session, draft);
    });
  }

  async metric(name: string): Promise<number> {
    const metric = await this.server.registry.getSingleMetric(name)?.get();
    return metric?.values[0]?.value ?? 0;
  }
}

function scopeOf(token: string): TenantScope {
  const [tenantId, role, name] = token.split(':');
  if (tenantId === 'admin') return TenantScope.administrator();
  return TenantScope.member(tenantId!, role as Role, `tok_${name!}`);
}
