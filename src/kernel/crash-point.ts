const STOP = 'stop:';

let armed: string | null = null;
let signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL';

/**
 * Arms one crash point for the life of the process; only a configuration made for a fault test does so.
 * @param name with `stop:` before it the process is frozen there, once, instead of killed
 */
export function armCrashPoint(name: string | null): void {
  signal = name?.startsWith(STOP) === true ? 'SIGSTOP' : 'SIGKILL';
  armed = signal === 'SIGSTOP' ? (name?.slice(STOP.length) ?? null) : name;
}

/**
 * A named place at which a fault test may kill the process as hard as a power cut would (SIGKILL: no handlers, no flush),
 * or freeze it. Costs one comparison when nothing is armed.
 */
export function crashPoint(name: string): void {
  if (armed === null || armed !== name) return;
  armed = null;
  process.kill(process.pid, signal);
}
