import { z } from 'zod';

const probability = z.number().min(0).max(1).default(0);

/** How often, from 0 to 1, a call meets each fault of the network; `network-faults.ts` says what they are. */
const faultsSchema = z.strictObject({
  unavailable: probability,
  notAuthenticated: probability,
  hang: probability,
  refuse: probability,
  loseReply: probability,
  dropMidReply: probability,
  duplicateReply: probability,
  slowDrip: probability,
});

/** A time in an option. */
export const milliseconds = z.int().min(0).max(600_000);

/** The options by which every simulator's network is described, on the command line and under `simulator` alike. */
export const networkOptions = {
  latencyMs: milliseconds.default(0).describe('before each call'),
  latencyJitterMs: milliseconds.default(0).describe('up to so much more'),
  /** Null: as fast as it goes. */
  bytesPerSecond: z.int().min(1).nullable().default(null).describe('for all replies together'),
  faults: faultsSchema.default(() => faultsSchema.parse({})).describe('probabilities of network faults'),
};
