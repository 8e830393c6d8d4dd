import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Started {
  readonly pid: number;
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output: string;
}

export function start(command: string, args: readonly string[], options: SpawnOptions): Started {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid === undefined) throw new Error(`${command} could not be started.`);
  const started: Started = { pid: child.pid, process: child, output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (started.output += chunk.toString()));
  }
  return started;
}

export function isRunning({ process: child }: Started): boolean {
  return child.exitCode === null && child.signalCode === null;
}

export async function finished(started: Started): Promise<void> {
  const { process: child } = started;
  if (isRunning(started)) await once(child, 'exit');
}

/** How long a command takes from spawn to exit. */
export async function measureMs(command: string, args: readonly string[], cwd: string): Promise<number> {
  const startedAt = performance.now();
  await finished(start(command, args, { cwd }));
  return performance.now() - startedAt;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The children of a process, from the fourth field of each `/proc/PID/stat`; not every kernel lists them itself. */
function childrenOf(pid: number): number[] {
  const parentOf = (candidate: string): number => {
    try {
      // The second field is the command in parentheses, which may itself hold spaces and parentheses.
      const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    } catch {
      return 0; // it has ended in the meantime
    }
  };
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((name) => parentOf(name) === pid).map(Number);
}

/** npm runs a shell that runs node: the process meant is the last one down the line. */
export function nodeProcessBelow(pid: number): number {
  const [first] = childrenOf(pid);
  return first === undefined ? pid : nodeProcessBelow(first);
}

export function residentMib(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!match) throw new Error(`Process ${pid} tells no VmRSS.`);
  return Number(match[1]) / 1024;
}
