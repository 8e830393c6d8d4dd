import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from './server-process';
import { openSubscribers } from './subscriber';

const STUCK = 50;
/** Few, so that it is the server that is timed and not the process that reads for them all. */
const OTHERS = 20;
const FOR_MS = 30_000;
const TICK_MS = 20;
const PER_SECOND = 1000;
/** In which the memory grows to what the work itself needs. */
const WARM_UP_MS = 8000;

export interface SlowReaders {
  /** How long after they stopped reading the last of them was closed; null when some were still open at the end. */
  readonly closedAfterMs: number | null;
  /** Beyond what it was when they stopped, at the same rate of events. */
  readonly residentGrowthBytes: number;
  /** CPU time of the server per time that passed. */
  readonly cpuShare: number;
  readonly othersP99Ms: number;
  readonly perSecond: number;
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Emits at a steady rate; what the server was too busy for comes with the next tick. */
async function emitFor(server: ServerProcess, forMs: number, onTick: () => void): Promise<number> {
  const startedAt = performance.now();
  let emitted = 0;
  for (let passed = 0; passed < forMs; passed = performance.now() - startedAt) {
    const due = Math.floor((passed / 1000) * PER_SECOND) - emitted;
    if (due > 0) {
      await server.emit(due);
      emitted += due;
      onTick();
    }
    await sleep(TICK_MS);
  }
  return (emitted / (performance.now() - startedAt)) * 1000;
}

/** 50 clients that stop to read while 1,000 events come each second, and what the others notice. */
export async function measureSlowReaders(): Promise<SlowReaders> {
  const server = await ServerProcess.start('gateway-server');
  try {
    const latencies: number[] = [];
    const stuck = await openSubscribers(server.url, STUCK);
    await openSubscribers(server.url, OTHERS, undefined, ({ kind, task }) => {
      if (kind !== 'LAGGED') latencies.push(nowMs() - Number(task.message.split(' ')[1]));
    });
    await emitFor(server, WARM_UP_MS, () => undefined);
    const before = await server.usage();
    latencies.length = 0;
    for (const one of stuck) one.stopReading();
    const stoppedAt = performance.now();
    let closedAfterMs: number | null = null;
    let most = before.residentBytes;
    let asking = false;
    const look = async (): Promise<void> => {
      const { sockets, residentBytes } = await server.usage();
      most = Math.max(most, residentBytes);
      if (sockets <= OTHERS) closedAfterMs ??= performance.now() - stoppedAt;
      asking = false;
    };
    let looking = Promise.resolve();
    const perSecond = await emitFor(server, FOR_MS, () => {
      if (asking) return;
      asking = true;
      looking = look();
    });
    await looking;
    const { cpuMicros } = await server.usage();
    const passedMs = performance.now() - stoppedAt;
    latencies.sort((a, b) => a - b);
    return {
      ...{ closedAfterMs, perSecond },
      cpuShare: (cpuMicros - before.cpuMicros) / 1000 / passedMs,
      residentGrowthBytes: most - before.residentBytes,
      othersP99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
    };
  } finally {
    await server.stop();
  }
}
