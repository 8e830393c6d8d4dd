import { configSchema } from '../../src/config/config.schema';
import { startHttpServer } from '../../src/graphql';
import { silentLogger, TenantScope } from '../../src/kernel';
import { openApi } from './api';
import { EventWriter } from './event-writer';
import { serveOrders } from './serve-orders';

/** The gateway's own edge, schema, feed and outbox; only tasks are not run, so that what is measured is delivery. */
async function main(): Promise<void> {
  const { schema, seeds, database, feed } = await openApi();
  const settings = configSchema.parse({
    server: { host: '127.0.0.1', port: 0 },
    limits: { maxPendingSockets: 100_000 },
    backends: [],
  });
  const http = await startHttpServer({
    ...{ schema, seeds, logger: silentLogger },
    server: settings.server,
    limits: settings.limits,
    authenticate: () => Promise.resolve({ scope: TenantScope.administrator(), expiresAt: null }),
    readiness: () => database.ping(),
  });
  const writer = new EventWriter();
  const emit = (count: number): Promise<void> =>
    database.transaction(async (session) => {
      for (let i = 0; i < count; i += 1) await feed.append(session, writer.next());
    });
  const sockets = async (): Promise<number> => {
    const metric = await http.registry.getSingleMetric('hypergate_websockets_open')?.get();
    return metric?.values[0]?.value ?? 0;
  };
  serveOrders(http.port, emit, sockets);
}

void main();
