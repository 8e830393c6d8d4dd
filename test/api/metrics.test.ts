import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../src/config';
import { startGateway } from '../../src/gateway/gateway';
import { silentLogger } from '../../src/kernel';
import { backendConfigSchemas } from '../../src/providers/registry';
import { SIMULATORS } from '../../src/simulators/registry';

const PAGE = readFileSync(resolve(__dirname, '../../docs/operations.md'), 'utf8');

/** Everything that can be switched on is, so that nothing hides. */
const CONFIG = {
  server: { port: 0 },
  database: { type: 'sqlite', file: 'hypergate.db' },
  redis: { url: 'redis://127.0.0.1:1' },
  backends: [{ name: 'demo', kind: 'memory', location: 'INTERNAL' }],
};

test('the page on operations tells what each metric means, and of none that is not there', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'hypergate-metrics-'));
  const database = { ...CONFIG.database, file: join(cwd, CONFIG.database.file) };
  writeFileSync(join(cwd, 'hypergate.yaml'), JSON.stringify({ ...CONFIG, database }));
  const schemas = { providers: backendConfigSchemas(), simulators: SIMULATORS };
  const config = loadConfig({ ...schemas, env: {}, cwd });
  const gateway = await startGateway({ config, logger: silentLogger });
  try {
    const metrics = await gateway.http.registry.getMetricsAsJSON();
    const names = metrics.map(({ name }) => name).filter((name) => !/^(process|nodejs)_/.test(name));
    const told = [...PAGE.matchAll(/^\| `(hypergate_\w+)`/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual(names.sort());
  } finally {
    await gateway.close();
    rmSync(cwd, { recursive: true, force: true });
  }
});
