import { loadavg } from 'node:os';
import { measureReconnectStorm } from './reconnect-storm';
import { measureSlowReaders } from './slow-readers';
import { measureThroughput } from './throughput';
import type { Throughput } from './throughput';

const AIM = { perSecond: 60_000, bytes: 15 * 1024, closedMs: 30_000, growthMb: 100, p99Ms: 250 };

/** Delivery of events to many subscribers, beside a server as graphql-ws' manual sets it up. */
export async function run(): Promise<void> {
  say('load of the machine, 1 min', loadavg()[0] ?? NaN);
  console.log('\n5,000 subscribers on one topic; CPU is that of the server’s process');
  report('this gateway', await measureThroughput('gateway-server'), true);
  report('stock graphql-ws', await measureThroughput('stock-server'), false);

  console.log('\n50 clients stop to read at 1,000 events/s, 20 others go on');
  const slow = await measureSlowReaders();
  say('events/s', slow.perSecond);
  say('CPU of the server, % of a core', slow.cpuShare * 100);
  const closed = slow.closedAfterMs;
  say('all closed after, ms', closed ?? NaN, closed !== null && closed <= AIM.closedMs, `≤ ${AIM.closedMs}`);
  const growthMb = slow.residentGrowthBytes / 1e6;
  say('growth of resident memory, MB', growthMb, growthMb < AIM.growthMb, `< ${AIM.growthMb}`);
  say('p99 of the others, ms', slow.othersP99Ms, slow.othersP99Ms < AIM.p99Ms, `< ${AIM.p99Ms}`);

  console.log('\n1,000 clients lose their connections three times and come back with `after`');
  const storm = await measureReconnectStorm();
  say('events', storm.events);
  say('gaps', storm.gaps, storm.gaps === 0, '0');
  say('duplicates', storm.duplicates, storm.duplicates === 0, '0');
  say('LAGGED', storm.lags, storm.lags === 0, '0');
  say('all back within, ms', storm.reconnectedWithinMs);
}

function report(name: string, measured: Throughput, hasAims: boolean): void {
  const single = 1e6 / measured.singleMicros;
  const { perSecond, bytes } = AIM;
  say(`${name}: µs CPU per delivery, one by one`, measured.singleMicros);
  say(`${name}: µs CPU per delivery, 25 at once`, measured.burstMicros);
  say(
    `${name}: deliveries/s per core, one by one`,
    single,
    ...aim(hasAims, single >= perSecond, `≥ ${perSecond}`),
  );
  say(`${name}: deliveries/s per core, 25 at once`, 1e6 / measured.burstMicros);
  const each = measured.bytesPerConnection;
  say(`${name}: bytes per idle connection`, each, ...aim(hasAims, each <= bytes, `≤ ${bytes}`));
}

function aim(hasAims: boolean, met: boolean, text: string): [met?: boolean, text?: string] {
  return hasAims ? [met, text] : [];
}

function say(what: string, value: number, met?: boolean, text?: string): void {
  const shown = value.toFixed(value < 100 && !Number.isInteger(value) ? 1 : 0).padStart(10);
  console.log(`${what.padEnd(48)}${shown}${text === undefined ? '' : `   ${text}${met ? '' : '  missed'}`}`);
}
