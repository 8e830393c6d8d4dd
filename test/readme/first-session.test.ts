import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '../../src/config';
import type { BackendConfig } from '../../src/config';
import { startGateway } from '../../src/gateway/gateway';
import type { Gateway } from '../../src/gateway/gateway';
import { silentLogger } from '../../src/kernel';
import { backendConfigSchemas } from '../../src/providers/registry';
import { SIMULATORS } from '../../src/simulators/registry';
import { databaseFolder } from '../support/test-databases';

const root = join(__dirname, '../..');
const ADMIN_TOKEN = 'hgt_the-token-of-one-reading-of-the-readme';

/** The commands of one section of the README, in order. */
function commandsOf(section: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const text = readme.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1]).join('\n');
}

/** The same backend with its state in a folder of the test's own. */
function keptIn(directory: string): (backend: BackendConfig) => BackendConfig {
  return (backend) => {
    const stateFile = join(directory, `${backend.name}.json`);
    if (backend.simulator === undefined)
      return { ...backend, settings: { ...(backend.settings as object), stateFile } };
    return { ...backend, simulator: { ...(backend.simulator as object), stateFile } };
  };
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
    directory = databaseFolder('hypergate-readme-');
    const config = loadConfig({
      providers: backendConfigSchemas(),
      simulators: SIMULATORS,
      env: {},
      cwd: directory,
    });
    gateway = await startGateway({
      logger: silentLogger,
      config: {
        ...config,
        server: { ...config.server, port: 0 },
        auth: { adminToken: ADMIN_TOKEN },
        database: { type: 'sqlite', file: join(directory, 'hypergate.db') },
        backends: config.backends.filter(({ kind }) => kind !== 'libvirt').map(keptIn(directory)),
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

  test('goes on with a VM on each of the clouds', async () => {
    const output = join(directory, 'clouds');
    const sections = commandsOf('A first session').split(/^gql '\{ viewer/m)[0] ?? '';
    const tenant = `export TENANT=$(grep -o 'ten_[0-9a-f]\\{32\\}' ${join(directory, 'output')} | tail -n 1)`;
    const clouds = commandsOf('One template, many clouds');
    const ask = `gql '{ vms(filter: { status: RUNNING }) { nodes { name } } }'`;
    const wait = `for i in $(seq 100); do [ "$(${ask} | grep -c '"on-')" -eq 4 ] && exit 0; sleep 0.3; done; exit 1`;
    const commands = filledIn(`${sections}\n${tenant}\n${clouds}`, gateway.http.url, output);
    const script = `set -euo pipefail\nexec >${output} 2>&1\n${commands}\n${wait}`;
    await promisify(execFile)('bash', ['-c', script], { cwd: root }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${readFileSync(output, 'utf8')}`);
    });
    expect(readFileSync(output, 'utf8')).not.toContain('"errors"');
  }, 90_000);
});
