import { z } from 'zod';
import { networkOptions } from '../network/network-options';
import { modelOptionsSchema } from './model/options';

const rateLimitSchema = z.strictObject({
  burst: z.int().min(1).max(1_000_000).default(100),
  perSecond: z.number().positive().max(1_000_000).default(20),
});

/** What the simulator can be told, on the command line and under a backend's `simulator` alike. */
export const optionsSchema = modelOptionsSchema.extend({
  accessKeyId: z
    .string()
    .regex(/^\w{1,128}$/, '1 to 128 letters and digits')
    .default('AKIASIMULATEDACCOUNT')
    .describe('who may sign'),
  /** Null: one is made at each start. */
  secretAccessKey: z.string().min(1).nullable().default(null).describe('made at each start when absent'),
  /** Null: no limit. What is beyond it is refused, and not executed. */
  rateLimit: rateLimitSchema.nullable().default(null).describe('token bucket of all requests'),
  ...networkOptions,
});

export type Ec2SimulatorOptions = z.output<typeof optionsSchema>;
