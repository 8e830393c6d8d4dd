import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from './server-process';
import { openSubscribers } from './subscriber';
import type { Subscriber } from './subscriber';

const SUBSCRIBERS = 5000;
const WARM_UP = 200;
const SINGLE_EVENTS = 30;
const BURSTS = 2;
const BURST_EVENTS = 25;
const WITHIN_MS = 120_000;

export interface Throughput {
  /** Server's CPU time for one delivery when each event comes alone, in microseconds. */
  readonly singleMicros: number;
  /** The same when 25 events come at once. */
  readonly burstMicros: number;
  readonly bytesPerConnection: number;
}

/** Until everyone has that many. */
async function received(subscribers: readonly Subscriber[], count: number): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (subscribers.some((one) => one.count < count)) {
    if (Date.now() > deadline) {
      throw new Error(
        `Some subscribers have only ${Math.min(...subscribers.map((one) => one.count))} of ${count}.`,
      );
    }
    await sleep(2);
  }
}

/** What 5,000 subscribers on one topic cost a server, in memory when idle and in CPU time per delivery. */
export async function measureThroughput(program: 'gateway-server' | 'stock-server'): Promise<Throughput> {
  const server = await ServerProcess.start(program);
  try {
    // Code that runs for the first time is no part of a connection.
    for (const one of await openSubscribers(server.url, WARM_UP)) one.drop();
    await sleep(1000);
    const empty = await server.idleUsage();
    const subscribers = await openSubscribers(server.url, SUBSCRIBERS);
    await sleep(1000);
    const idle = await server.idleUsage();
    let emitted = 0;
    const deliver = async (rounds: number, each: number): Promise<number> => {
      const before = await server.usage();
      for (let round = 0; round < rounds; round += 1) {
        await server.emit(each);
        emitted += each;
        await received(subscribers, emitted);
      }
      const after = await server.usage();
      return (after.cpuMicros - before.cpuMicros) / (rounds * each * SUBSCRIBERS);
    };
    await deliver(10, 1); // warms up
    const singleMicros = await deliver(SINGLE_EVENTS, 1);
    const burstMicros = await deliver(BURSTS, BURST_EVENTS);
    for (const one of subscribers) one.drop();
    const bytesPerConnection = (idle.residentBytes - empty.residentBytes) / SUBSCRIBERS;
    return { singleMicros, burstMicros, bytesPerConnection };
  } finally {
    await server.stop();
  }
}
