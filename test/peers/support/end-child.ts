import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a process that may have ended by itself, and waits until it has. */
export async function endChild(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}
