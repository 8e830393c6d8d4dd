import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Vcsim } from '../../test/peers/support/vcsim';

export const VMS = 10_000;

export interface Server {
  readonly name: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  stop(): Promise<void>;
}

/** vcsim with its VMs on two clusters. */
export async function startVcsim(vms = VMS): Promise<Server> {
  const vcsim = await Vcsim.start({ clusters: 2, vms: vms / 2 });
  const { url, username, password } = vcsim;
  return { name: 'vcsim', url, username, password, stop: () => vcsim.stop() };
}

/** Our simulator in a process of its own, as `npm run simulate` starts it. */
export async function startSimulator(): Promise<Server> {
  const program = join(__dirname, '../../dist/src/commands/simulate.js');
  if (!existsSync(program)) throw new Error('Run `npm run build` first.');
  const access = { username: 'bench', password: 'bench-password' };
  const flags = ['--username', access.username, '--password', access.password];
  const child = spawn(
    process.execPath,
    [program, 'vsphere', '--port', '0', '--vms', String(VMS), '--templates', '[]', ...flags],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const url = /http:\/\/\S+\/sdk/.exec(said)?.[0];
    if (url !== undefined) return { name: 'our simulator', url, ...access, stop };
  }
  throw new Error(`The simulator did not start: ${said}`);
}
