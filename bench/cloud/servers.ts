import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A simulated cloud in a process of its own, as `npm run simulate` starts it. */
export interface Cloud {
  readonly kind: 'ec2' | 'openstack';
  /** The keys of a backend that reach it. */
  readonly connection: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startCloud(kind: Cloud['kind'], flags: readonly string[]): Promise<Cloud> {
  const program = join(__dirname, '../../dist/src/commands/simulate.js');
  if (!existsSync(program)) throw new Error('Run `npm run build` first.');
  const child = spawn(process.execPath, [program, kind, '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('Ctrl+C')) return { kind, connection: connectionIn(said), stop };
  }
  throw new Error(`The simulator did not start: ${said}`);
}

/** From the entry of a configuration that the greeting shows. */
function connectionIn(greeting: string): Record<string, string> {
  const entry = /location: \w+, (.*) \}/.exec(greeting)?.[1] ?? '';
  const pairs = [...entry.matchAll(/(\w+): ("(?:[^"\\]|\\.)*")/g)];
  return Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, JSON.parse(value) as string]));
}
