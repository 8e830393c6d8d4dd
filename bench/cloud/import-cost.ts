import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { finished, freePort, isRunning, nodeProcessBelow, residentMib, start } from '../startup/processes';

const root = join(__dirname, '../..');
const IDLE_MS = 5_000;

export interface Footprint {
  readonly readyMs: number;
  readonly residentMib: number;
}

/** A gateway with these backends, from its start to the first 200 of /readyz, and what it holds when left alone. */
export async function measureFootprint(backends: readonly object[]): Promise<Footprint> {
  if (!existsSync(join(root, 'dist/src/main.js'))) throw new Error('Run `npm run build` first.');
  const dir = mkdtempSync(join(tmpdir(), 'hypergate-cloud-'));
  const port = await freePort();
  const settings = {
    server: { host: '127.0.0.1', port },
    database: { type: 'sqlite', file: join(dir, 'hypergate.db') },
    auth: { adminToken: 'a-token-for-one-benchmark-run-only' },
    backends,
  };
  const config = join(dir, 'hypergate.yaml');
  writeFileSync(config, JSON.stringify(settings)); // JSON is YAML
  const startedAt = performance.now();
  const gateway = start(process.execPath, [join(root, 'dist/src/main.js')], {
    cwd: root,
    env: { ...process.env, HYPERGATE_CONFIG: config },
  });
  try {
    while ((await statusOf(`http://127.0.0.1:${port}/readyz`)) !== 200) {
      if (!isRunning(gateway)) throw new Error(`The gateway did not start:\n${gateway.output}`);
      await sleep(5);
    }
    const readyMs = performance.now() - startedAt;
    await sleep(IDLE_MS);
    return { readyMs, residentMib: residentMib(nodeProcessBelow(gateway.pid)) };
  } finally {
    if (isRunning(gateway)) process.kill(gateway.pid, 'SIGTERM');
    await finished(gateway);
    rmSync(dir, { recursive: true });
  }
}

async function statusOf(url: string): Promise<number | null> {
  const response = await fetch(url).catch(() => null);
  await response?.arrayBuffer();
  return response?.status ?? null;
}
