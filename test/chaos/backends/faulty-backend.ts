import { silentLogger } from '../../../src/kernel';
import type { BackendVm } from '../evidence';

/** What is wrong with a backend. */
export interface BackendTrouble {
  /** How many replies get lost after the work is done: 0 to 1. */
  readonly loseReply: number;
  /** Until it shows what it made. */
  readonly lagMs: number;
  readonly seed: number;
}

/**
 * What a backend may suffer for a while. AWAY: nobody reaches it. FAILING: work that it accepts ends badly. LOSING: it
 * forgets such work. STAGED: a creation takes two stages. SLOW: every call takes longer than a VM waits in its place.
 */
export type Hardship = 'AWAY' | 'FAILING' | 'LOSING' | 'STAGED' | 'SLOW';

/** A backend that outlives the gateways, loses replies and shows late what it made. */
export interface FaultyBackend {
  readonly name: string;
  /** The entry of a gateway's configuration. */
  readonly entry: object;
  readonly imageRef: string;
  /** All that lives there, whatever clients can see yet. */
  inventory(installationId: string): Promise<readonly BackendVm[]>;
  lostReplies(): number;
  /** Whether what is not needed any more should not stay on it. */
  readonly isSmall?: boolean;
  /** Those that `suffer` understands. */
  readonly hardships?: readonly Hardship[];
  /**
   * Begins a hardship, or ends all of them.
   * @param act what the step under way asks for: `create`, `delete`, `mutate` …
   * @returns the entry by which gateways that are started then have it
   */
  readonly suffer?: (hardship: Hardship | null, act?: string) => object;
  close(): Promise<void>;
}

export const ENVIRONMENT = { host: '127.0.0.1', port: 0, logger: silentLogger };
/** Quick, so that what takes time are the strikes and not the work. */
export const WORK_MS = 100;

/** A little more than the backend really lags, as a careful operator configures it. */
export function listingLagOf({ lagMs }: BackendTrouble): number {
  return lagMs === 0 ? 0 : lagMs + 300;
}
