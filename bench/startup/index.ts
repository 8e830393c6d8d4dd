import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { finished, freePort, isRunning, measureMs, nodeProcessBelow, residentMib, start } from './processes';
import type { Started } from './processes';

const RUNS = 5;
const IDLE_MS = 10_000;
const READY_WITHIN_MS = 60_000;
const AIM = { readyMs: 1500, residentMib: 150 };
const root = join(__dirname, '../..');

interface Run {
  readonly readyMs: number;
  readonly residentMib: number;
}

/** From `npm start` to the first 200 of /readyz, and what the gateway holds in memory when left alone. */
export async function run(): Promise<void> {
  if (!existsSync(join(root, 'dist/src/main.js'))) throw new Error('Run `npm run build` first.');
  const runs: Run[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await startOnce());
  const node = await repeat(() => measureMs(process.execPath, ['-e', '0'], root));
  const npm = await measureNpmStart();

  console.log('what                          median     best    worst      aim');
  print('npm start until ready, ms', pick(runs, 'readyMs'), AIM.readyMs);
  print('resident when idle, MiB', pick(runs, 'residentMib'), AIM.residentMib);
  print('for comparison: node -e 0, ms', node);
  print('  npm start of node -e 0, ms', npm);
}

async function startOnce(): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'hypergate-startup-'));
  const port = await freePort();
  const config = join(dir, 'hypergate.yaml');
  const settings = {
    server: { host: '127.0.0.1', port },
    database: { type: 'sqlite', file: join(dir, 'hypergate.db') },
    auth: { adminToken: 'a-token-for-one-benchmark-run-only' },
    backends: [{ name: 'lab', kind: 'memory', location: 'INTERNAL' }],
  };
  writeFileSync(config, JSON.stringify(settings)); // JSON is YAML
  const startedAt = performance.now();
  const npm = start('npm', ['start'], { cwd: root, env: { ...process.env, HYPERGATE_CONFIG: config } });
  try {
    await untilReady(`http://127.0.0.1:${port}/readyz`, npm);
    const readyMs = performance.now() - startedAt;
    await sleep(IDLE_MS);
    return { readyMs, residentMib: residentMib(nodeProcessBelow(npm.pid)) };
  } finally {
    if (isRunning(npm)) process.kill(nodeProcessBelow(npm.pid), 'SIGTERM');
    await finished(npm);
    rmSync(dir, { recursive: true });
  }
}

async function untilReady(url: string, gateway: Started): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const response = await fetch(url).catch(() => null);
    await response?.arrayBuffer();
    if (response?.status === 200) return;
    if (!isRunning(gateway) || performance.now() > deadline) {
      throw new Error(`${url} did not answer 200. Output:\n${gateway.output}`);
    }
    await sleep(10);
  }
}

/** What npm itself costs: the same command over a package whose start script does nothing. */
async function measureNpmStart(): Promise<number[]> {
  const dir = mkdtempSync(join(tmpdir(), 'hypergate-startup-'));
  writeFileSync(
    join(dir, 'package.json'),
    JSON.stringify({ name: 'nothing', scripts: { start: 'node -e 0' } }),
  );
  try {
    return await repeat(() => measureMs('npm', ['start'], dir));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function repeat(measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < RUNS; i++) values.push(await measure());
  return values;
}

function pick(runs: readonly Run[], key: keyof Run): number[] {
  return runs.map((one) => one[key]);
}

function print(what: string, values: readonly number[], aim?: number): void {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const cells = [median, sorted[0] ?? NaN, sorted.at(-1) ?? NaN].map((value) => value.toFixed(0).padStart(8));
  const verdict = aim === undefined ? '' : `   ≤ ${aim}${median <= aim ? '' : '  missed'}`;
  console.log(`${what.padEnd(30)}${cells.join(' ')}${verdict}`);
}
