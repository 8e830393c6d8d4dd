import { z } from 'zod';
import { modelOptionsSchema } from './model/options';

const milliseconds = z.int().min(0).max(600_000);
const probability = z.number().min(0).max(1).default(0);

/** How often, from 0 to 1, a call meets each fault of the network; `faults/network-faults.ts` says what they are. */
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

/** What the simulator can be told, on the command line and under a backend's `simulator` alike. */
export const optionsSchema = modelOptionsSchema.extend({
  username: z.string().min(1).default('administrator@vsphere.local').describe('who may log in'),
  /** Null: one is made at each start. */
  password: z.string().min(1).nullable().default(null).describe('made at each start when absent'),
  /** Null: plain HTTP. Both are PEM files. */
  keyFile: z.string().min(1).nullable().default(null).describe('for HTTPS, together with --cert-file'),
  certFile: z.string().min(1).nullable().default(null),
  latencyMs: milliseconds.default(0).describe('before each call'),
  latencyJitterMs: milliseconds.default(0).describe('up to so much more'),
  /** Null: as fast as it goes. */
  bytesPerSecond: z.int().min(1).nullable().default(null).describe('for all replies together'),
  /** As vCenter has it: half an hour. */
  sessionTimeoutMs: z.int().min(1).max(86_400_000).default(1_800_000),
  faults: faultsSchema.default(() => faultsSchema.parse({})).describe('probabilities of network faults'),
});

export type VsphereSimulatorOptions = z.output<typeof optionsSchema>;
