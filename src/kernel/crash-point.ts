import { writeSync } from 'node:fs';

const STOP = 'stop:';
const STDERR = 2;

type Strike = 'SIGKILL' | 'SIGSTOP';

let armed: Map<string, Strike> | null = null;

/**
 * Arms crash points for the life of the process; only a configuration made for a fault test does so. The process is
 * killed at the first of them that it passes.
 * @param names with `stop:` before it the process is frozen there instead, at the first of these only
 */
export function armCrashPoints(names: readonly string[]): void {
  const strikes = names.map((name): [string, Strike] =>
    name.startsWith(STOP) ? [name.slice(STOP.length), 'SIGSTOP'] : [name, 'SIGKILL'],
  );
  armed = strikes.length > 0 ? new Map(strikes) : null;
}

/**
 * A named place at which a fault test may kill the process as hard as a power cut would (SIGKILL: no handlers, no flush),
 * or freeze it; it says at which on stderr first. Costs one comparison when nothing is armed.
 */
export function crashPoint(name: string): void {
  const strike = armed?.get(name);
  if (armed === null || strike === undefined) return;
  armed = new Map([...armed].filter(([, other]) => other !== strike));
  writeSync(STDERR, `Struck at ${name}.\n`);
  process.kill(process.pid, strike);
}
