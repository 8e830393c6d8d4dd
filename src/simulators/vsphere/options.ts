import { z } from 'zod';
import { networkOptions } from '../network/network-options';
import { modelOptionsSchema } from './model/options';

/** What the simulator can be told, on the command line and under a backend's `simulator` alike. */
export const optionsSchema = modelOptionsSchema.extend({
  username: z.string().min(1).default('administrator@vsphere.local').describe('who may log in'),
  /** Null: one is made at each start. */
  password: z.string().min(1).nullable().default(null).describe('made at each start when absent'),
  /** Null: plain HTTP. Both are PEM files. */
  keyFile: z.string().min(1).nullable().default(null).describe('for HTTPS, together with --cert-file'),
  certFile: z.string().min(1).nullable().default(null),
  /** As vCenter has it: half an hour. */
  sessionTimeoutMs: z.int().min(1).max(86_400_000).default(1_800_000),
  ...networkOptions,
});

export type VsphereSimulatorOptions = z.output<typeof optionsSchema>;
