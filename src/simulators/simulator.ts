import type { z } from 'zod';
import type { Logger } from '../kernel';

/** Where a simulator listens and what it says of itself. */
export interface SimulatorEnvironment {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly logger: Logger;
}

/** A simulator that listens. */
export interface RunningSimulator {
  readonly url: string;
  /** The keys of a backend's configuration that reach it, credentials included. */
  readonly connection: Readonly<Record<string, string>>;
  /** Ends every connection and writes what is to outlive the process. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * A server that speaks the wire protocol of a real backend: how to validate its options and how to start it. Every
 * gateway loads it, so it is light: `start` imports what it needs.
 */
export interface SimulatorFactory<Schema extends z.ZodType = z.ZodType> {
  /** The kind of provider that it is a backend for. */
  readonly kind: string;
  /** Strict, with a default for everything, and one that parses its own output. */
  readonly optionsSchema: Schema;
  /**
   * What `connection` looks like, in values that the provider accepts. A configuration is checked with them, before
   * anything listens.
   */
  readonly connectionExample: Readonly<Record<string, string>>;
  start(options: z.output<Schema>, environment: SimulatorEnvironment): Promise<RunningSimulator>;
}
