import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DEPLOY = resolve(__dirname, '../../deploy');
const UNIT = readFileSync(join(DEPLOY, 'hypergate.service'), 'utf8');

/** Absent where there is no systemd; then nothing is said of the unit. */
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** systemd's own verdict on a unit, of which the program is another one that is sure to be there. */
function verdict(unit: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'hypergate-unit-'));
  try {
    const file = join(directory, 'hypergate.service');
    writeFileSync(file, unit.replace('/usr/bin/node ', `${process.execPath} `));
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', file]);
    // Other units of this machine are not our business.
    const lines = stderr.toString().split('\n');
    return `${String(status)}${lines.filter((line) => line.includes('hypergate')).join('\n')}`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

(hasSystemd ? describe : describe.skip)('the systemd unit', () => {
  test('is one that systemd takes without a word', () => {
    expect(verdict(UNIT)).toBe('0');
  });

  test('would be refused with a mistake in it', () => {
    expect(verdict(UNIT.replace('Type=exec', 'Tpye=exec'))).toContain('Tpye');
    expect(verdict(UNIT.replace(/^ExecStart=.*$/m, 'ExecStart=/no/such/program'))).not.toBe('0');
  });
});

test('what could not be run says so in its first line', () => {
  expect(readFileSync(join(DEPLOY, 'Containerfile'), 'utf8')).toMatch(/^# NOT RUN/);
});

test('the files of the deployment name paths that the build makes', () => {
  const { main } = JSON.parse(readFileSync(resolve(DEPLOY, '../package.json'), 'utf8')) as { main: string };
  expect(UNIT).toContain(`/opt/hypergate/${main}`);
  expect(readFileSync(join(DEPLOY, 'Containerfile'), 'utf8')).toContain(`/opt/hypergate/${main}`);
  const tracked = execFileSync('git', ['ls-files', 'deploy'], { cwd: resolve(DEPLOY, '..') }).toString();
  expect(tracked.trim().split('\n').sort()).toEqual([
    'deploy/Containerfile',
    'deploy/hypergate.service',
    'deploy/nginx.conf',
  ]);
});
