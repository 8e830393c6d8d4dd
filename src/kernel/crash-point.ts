let armed: string | null = null;

/** Arms one crash point for the life of the process; only a configuration made for a fault test does so. */
export function armCrashPoint(name: string | null): void {
  armed = name;
}

/**
 * A named place at which a fault test may kill the process as hard as a power cut would (SIGKILL: no
 * handlers, no flush). Costs one comparison when nothing is armed.
 */
export function crashPoint(name: string): void {
  if (armed !== null && armed === name) process.kill(process.pid, 'SIGKILL');
}
