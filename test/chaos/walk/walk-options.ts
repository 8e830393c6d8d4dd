import { z } from 'zod';
import { BACKEND_KINDS } from '../backends';

const count = z.coerce.number().int().min(0);

/** `npm run chaos -- points …` */
export const walkSchema = z.strictObject({
  backend: z.enum(BACKEND_KINDS).default('ec2'),
  mode: z.enum(['kill', 'stop']).default('kill').describe('SIGKILL, or a SIGSTOP that outlasts the lease'),
  stopMs: count.default(5_000).describe('until a stopped one is continued'),
  lanes: count.min(1).max(16).default(4).describe('gateways side by side, each with its own of everything'),
  operations: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter((name) => name !== ''))
    .describe('CREATE_VM,… or all'),
  trials: z.string().default('').describe('those whose name begins so; all of them when absent'),
  seconds: count.default(0).describe('after which no other operation is begun; 0 for never'),
  every: count.min(1).default(1).describe('strike at every so many-th point only'),
  offset: count.default(0).describe('which of them'),
  report: z.string().optional().describe('a file for the verdict as the tally reads it'),
});
