import { z } from 'zod';
import { BACKEND_KINDS } from './backends';

const share = z.coerce.number().min(0).max(1);
const count = z.coerce.number().int().min(0);

export const chaosSchema = z.strictObject({
  tasks: count.min(1).default(1_000).describe('operations that clients ask for'),
  database: z.enum(['sqlite', 'mariadb']).default('sqlite'),
  workers: count.min(1).max(8).default(1).describe('gateways side by side; SQLite bears one'),
  backends: z
    .string()
    .default('ec2,openstack')
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(BACKEND_KINDS)).min(1))
    .describe(`of ${BACKEND_KINDS.join(', ')}`),
  strikeMs: count.default(2_000).describe('between two strikes at a worker that works; 0 for none'),
  stopShare: share.default(0.3).describe('strikes that are a SIGSTOP instead of a SIGKILL'),
  stopMs: count.default(5_000).describe('until it is continued'),
  loseReply: share.default(0.03).describe("replies of backends that get lost after the work's done"),
  lagMs: count.default(1_000).describe('until a backend shows what it made'),
  dbKill: count.default(0).describe('seconds between two kills of MariaDB; 0 for none'),
  clients: count.min(1).default(32),
  seed: count.default(1),
  disable: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter((name) => name !== ''))
    .describe('protections to go without, so that the checker has something to find'),
  report: z.string().optional().describe('a file for the verdict as the tally reads it'),
});

/** How hard a run strikes, and at what. */
export type ChaosOptions = z.output<typeof chaosSchema>;
export type ChaosInput = z.input<typeof chaosSchema>;
