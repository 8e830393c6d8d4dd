import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Lets running requests finish within `drainMs`, then cuts them off. */
export async function drainRequests(app: FastifyInstance, drainMs: number): Promise<void> {
  const timer = setTimeout(() => {
    app.server.closeAllConnections();
  }, drainMs);
  await app.close();
  clearTimeout(timer);
}

/** Where a server listens that does. */
export function addressOf(app: FastifyInstance): { url: string; port: number } {
  const { address, port, family } = app.server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, port };
}
