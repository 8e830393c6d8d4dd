import { z } from 'zod';
import { BACKEND_KINDS } from './backends';

const share = z.coerce.number().min(0).max(1);
const count = z.coerce.number().int().min(0);

interface Scale {
  readonly workers?: number | undefined;
  readonly dbKill: number;
  readonly redisKill: number;
}

function takesServer({ workers = 1, dbKill, redisKill }: Scale): boolean {
  return workers > 1 || dbKill > 0 || redisKill > 0;
}

export const chaosSchema = z
  .strictObject({
    tasks: count.min(1).default(1_000).describe('that clients ask for'),
    database: z
      .enum(['sqlite', 'mariadb'])
      .optional()
      .describe('sqlite, unless several gateways or a kill of the database are asked for'),
    workers: count.min(1).max(8).optional().describe('gateways side by side; 2 on MariaDB, SQLite bears one'),
    backends: z
      .string()
      .default('ec2,openstack')
      .transform((list) => list.split(','))
      .pipe(z.array(z.enum(BACKEND_KINDS)).min(1))
      .describe(`of ${BACKEND_KINDS.join(', ')}`),
    strikeMs: count
      .default(2_000)
      .describe('between two strikes, and what a gateway may work in between; 0 for none'),
    stopShare: share.default(0.3).describe('strikes that are a SIGSTOP instead of a SIGKILL'),
    stopMs: count.default(5_000).describe('until it is continued'),
    loseReply: share.default(0.03).describe("replies of backends that get lost after the work's done"),
    lagMs: count.default(1_000).describe('until a backend shows what it made'),
    dbKill: count.default(0).describe('seconds between two kills of MariaDB; 0 for none'),
    redisKill: count.default(0).describe('seconds between two kills of Redis; 0 for none, and for no Redis'),
    clients: count.min(1).default(32),
    seed: count.default(1),
    disable: z
      .string()
      .default('')
      .transform((list) => list.split(',').filter((name) => name !== ''))
      .describe('protections to go without, so that the checker has something to find'),
    report: z.string().optional().describe('a file for the verdict as the tally reads it'),
  })
  .refine((given) => given.database !== 'sqlite' || !takesServer(given), {
    path: ['database'],
    error: 'SQLite bears one gateway, and is no server that could be killed',
  });

type Given = z.output<typeof chaosSchema>;

/** How hard a run strikes, and at what. */
export interface ChaosOptions extends Given {
  readonly database: 'sqlite' | 'mariadb';
  readonly workers: number;
}

/** What follows from what was asked for. */
export function settled(given: Given): ChaosOptions {
  const database = given.database ?? (takesServer(given) ? 'mariadb' : 'sqlite');
  return { ...given, database, workers: given.workers ?? (database === 'mariadb' ? 2 : 1) };
}
