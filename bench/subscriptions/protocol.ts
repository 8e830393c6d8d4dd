/** What the benchmark tells a server process, and what it hears from it. */
export type Order =
  { readonly do: 'emit'; readonly count: number } | { readonly do: 'collect' } | { readonly do: 'usage' };

export interface Usage {
  /** User and system time since the start. */
  readonly cpuMicros: number;
  readonly residentBytes: number;
  /** Sockets that the server has open. */
  readonly sockets: number;
}

export interface Listening {
  readonly port: number;
}

/** What every subscriber asks for: an event as a user interface shows it. */
export const SUBSCRIPTION = `subscription ($after: String) {
  taskEvents(after: $after) { cursor kind at task { id operation status progress message } }
}`;
export const TOKEN = 'a-token-for-one-benchmark-run-only';
