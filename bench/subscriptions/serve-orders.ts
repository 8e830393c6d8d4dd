import { setTimeout as sleep } from 'node:timers/promises';
import type { Order, Usage } from './protocol';

/** For what the collector frees to be given back to the system. */
const SETTLE_MS = 300;

/** The server's side of `ServerProcess`. */
export function serveOrders(
  port: number,
  emit: (count: number) => Promise<void>,
  sockets: () => Promise<number> | number,
): void {
  const usage = async (): Promise<Usage> => {
    const { user, system } = process.cpuUsage();
    return {
      cpuMicros: user + system,
      residentBytes: process.memoryUsage.rss(),
      sockets: await sockets(),
    };
  };
  const obey = async (order: Order): Promise<void> => {
    if (order.do === 'emit') await emit(order.count);
    if (order.do === 'collect') {
      for (let round = 0; round < 3; round += 1) {
        globalThis.gc?.();
        await sleep(SETTLE_MS);
      }
    }
    process.send?.(await usage());
  };
  process.on('message', (order: Order) => void obey(order));
  process.on('disconnect', () => process.exit());
  process.send?.({ port });
}
