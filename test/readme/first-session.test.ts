import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '../../src/config';
import { startGateway } from '../../src/gateway';
import type { Gateway } from '../../src/gateway';
import { silentLogger } from '../../src/kernel';
import { backendConfigSchemas } from '../../src/providers/registry';
import { SIMULATORS } from '../../src/simulators/registry';

const root = join(__dirname, '../..');
const ADMIN_TOKEN = 'hgt_the-token-of-one-reading-of-the-readme';

/** The commands of one section of the README, in order. */
function commandsOf(section: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const text = readme.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1]).join('\n');
}

/** Does what a reader does by hand: puts in the address, the token and the ids of the answers. */
function filledIn(commands: string, url: string, output: string): string {
  return commands
    .replaceAll('http://127.0.0.1:4000', url)
    .replaceAll('hgt_…', ADMIN_TOKEN)
    .replace(/\b(ten|tpl|net|tsk|vm)_…/g, `$(grep -o '$1_[0-9a-f]\\{32\\}' ${output} | tail -n 1)`);
}

describe('the first session of the README', () => {
  let directory: string;
  let gateway: Gateway;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hypergate-readme-'));
    const config = loadConfig({
      providers: backendConfigSchemas(),
      simulators: SIMULATORS,
      env: {},
      cwd: directory,
    });
    const [demo] = config.backends;
    if (!demo) throw new Error('The default configuration has no backend.');
    gateway = await startGateway({
      logger: silentLogger,
      config: {
        ...config,
        server: { ...config.server, port: 0 },
        auth: { adminToken: ADMIN_TOKEN },
        database: { type: 'sqlite', file: join(directory, 'hypergate.db') },
        backends: [
          { ...demo, settings: { ...(demo.settings as object), stateFile: join(directory, 'demo.json') } },
        ],
      },
    });
  });

  afterAll(async () => {
    await gateway.close();
    rmSync(directory, { recursive: true });
  });

  test('ends with a running VM, by copy and paste', async () => {
    const output = join(directory, 'output');
    const commands = filledIn(commandsOf('A first session'), gateway.http.url, output);
    const script = `set -euo pipefail\nexec >${output} 2>&1\n${commands}`;
    await promisify(execFile)('bash', ['-c', script], { cwd: root }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${readFileSync(output, 'utf8')}`);
    });
    const seen = readFileSync(output, 'utf8');
    expect(seen).not.toContain('"errors"');
    expect(seen).toContain('SUCCEEDED 100%');
    expect(seen).toContain('"status": "RUNNING"');
    expect(seen).toMatch(/"secret": "hgt_[0-9A-Za-z]{36}"/);
  }, 60_000);
});
