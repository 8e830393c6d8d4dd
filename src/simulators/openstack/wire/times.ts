/** `2026-11-23T12:00:00Z`, as Nova, Glance and Neutron write it: whole seconds. */
export function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** `2026-11-23T12:00:00.000000Z`, as Keystone writes it. */
export function isoMicroseconds(time: number): string {
  return new Date(time).toISOString().replace(/Z$/, '000Z');
}

/** `2026-11-23T12:00:00.000000`, as Nova writes a few fields: a time of UTC that does not say so. */
export function isoNaive(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}.000000`;
}

/** Null when it is no time. One without a zone is of UTC. */
export function parseTime(text: string): number | null {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? null : time;
}
