import { parseArgs } from 'node:util';
import { z } from 'zod';

const share = z.coerce.number().min(0).max(1);
const count = z.coerce.number().int().min(0);

const optionsSchema = z.strictObject({
  tasks: count.min(1).default(1_000).describe('operations that clients ask for'),
  database: z.enum(['sqlite', 'mariadb']).default('sqlite'),
  workers: count.min(1).max(8).default(1).describe('gateways side by side; SQLite bears one'),
  backends: z
    .string()
    .default('ec2,openstack')
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(['ec2', 'openstack'])).min(1)),
  strikeMs: count.default(2_000).describe('between two strikes at a worker that works; 0 for none'),
  stopShare: share.default(0.3).describe('strikes that are a SIGSTOP instead of a SIGKILL'),
  stopMs: count.default(5_000).describe('until it is continued'),
  loseReply: share.default(0.03).describe("replies of backends that get lost after the work's done"),
  lagMs: count.default(1_000).describe('until a backend shows what it made'),
  dbKill: count.default(0).describe('seconds between two kills of MariaDB; 0 for none'),
  clients: count.min(1).default(16),
  seed: count.default(1),
  disable: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter((name) => name !== ''))
    .describe('protections to go without, so that the checker has something to find'),
  report: z.string().optional().describe('a file for the verdict as the tally reads it'),
});

/** How hard a run strikes, and at what. */
export type ChaosOptions = z.output<typeof optionsSchema>;
export type ChaosInput = z.input<typeof optionsSchema>;

export function chaosOptions(given: ChaosInput = {}): ChaosOptions {
  return optionsSchema.parse(given);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function chaosHelp(): string {
  const lines = Object.entries(optionsSchema.shape).map(([key, { description }]) => {
    return `  --${kebab(key)}`
      .padEnd(18)
      .concat(description ?? '')
      .trimEnd();
  });
  return ['usage: npm run chaos -- [options]', ...lines, ''].join('\n');
}

/** `--db-kill 15` is `dbKill: 15`. @throws with one line for each problem */
export function readChaosOptions(args: readonly string[]): ChaosOptions {
  const keys = Object.keys(optionsSchema.shape);
  const options = Object.fromEntries(keys.map((key) => [kebab(key), { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const given = keys.flatMap((key) => (values[kebab(key)] === undefined ? [] : [[key, values[kebab(key)]]]));
  const parsed = optionsSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `--${kebab(path.join('.'))}: ${message}`);
  throw new Error(problems.join('\n'));
}
