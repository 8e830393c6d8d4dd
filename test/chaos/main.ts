import { writeFileSync } from 'node:fs';
import { chaosSchema, settled } from './chaos-options';
import { runChaos } from './chaos-run';
import type { ChaosResult } from './chaos-run';
import { describeOptions, readOptions } from './command-line';
import type { Verdict } from './invariants';
import { runWalk } from './walk/run-walk';
import { walkSchema } from './walk/walk-options';

const SHOWN = 5;
const HELP = [
  'usage: npm run chaos -- [options]            clients, and gateways that are killed and stopped',
  ...describeOptions(chaosSchema),
  '       npm run chaos -- points [options]     a gateway that is struck at each of its crash points',
  ...describeOptions(walkSchema),
].join('\n');

const say = (line: string): void => console.log(line);

function printStrikes({ strikes, tasks, seconds, lostReplies }: ChaosResult): void {
  const { acknowledged, byStatus } = tasks;
  const rate = (acknowledged / seconds).toFixed(1);
  const ends = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`);
  say(`\n${acknowledged} tasks in ${seconds.toFixed(1)} s (${rate} a second): ${ends.join(', ')}`);
  const { kills, stops, databaseKills, redisKills } = strikes;
  say(
    `${kills} SIGKILL, ${stops} SIGSTOP, ${databaseKills} kills of the database, ${redisKills} of Redis, ` +
      `${lostReplies} replies lost\n`,
  );
}

function printVerdicts(verdicts: readonly Verdict[]): void {
  for (const { invariant, violations } of verdicts) {
    say(`${violations.length === 0 ? 'holds ' : 'BROKEN'}  ${invariant}`);
    for (const violation of violations.slice(0, SHOWN)) say(`          ${violation}`);
    if (violations.length > SHOWN) say(`          and ${violations.length - SHOWN} more`);
  }
}

/** As jest would report it, for whoever adds up. */
function report(verdicts: readonly Verdict[], file: string | undefined): void {
  const failed = verdicts.filter(({ violations }) => violations.length > 0).length;
  if (failed > 0) process.exitCode = 1;
  if (file === undefined) return;
  const counts = { numPassedTests: verdicts.length - failed, numFailedTests: failed };
  writeFileSync(file, JSON.stringify({ ...counts, numRuntimeErrorTestSuites: 0, success: failed === 0 }));
}

async function strikeAtRandom(args: readonly string[]): Promise<void> {
  const options = settled(readOptions(chaosSchema, args));
  say(`The seed is ${options.seed}; ${options.workers} × gateway on ${options.database}.`);
  const result = await runChaos(options, say);
  printStrikes(result);
  printVerdicts(result.verdicts);
  report(result.verdicts, options.report);
}

async function strikeAtPoints(args: readonly string[]): Promise<void> {
  const options = readOptions(walkSchema, args);
  const { struck, notPassed, verdicts, seconds } = await runWalk(options.backend, options, say);
  for (const point of notPassed) say(`not on the way ${point}`);
  const pace = (seconds / Math.max(1, struck.length)).toFixed(1);
  say(`\n${struck.length} points struck, ${notPassed.length} not on the way; ${pace} s a point\n`);
  printVerdicts(verdicts);
  report(verdicts, options.report);
}

async function main(): Promise<void> {
  const args = process.argv.slice(3);
  if (args.includes('--help')) say(HELP);
  else if (args[0] === 'points') await strikeAtPoints(args.slice(1));
  else await strikeAtRandom(args);
}

// A run that is cut short leaves no server behind: those clear up when the process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
