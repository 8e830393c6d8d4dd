import { writeFileSync } from 'node:fs';
import { chaosHelp, readChaosOptions } from './chaos-options';
import { ChaosRun } from './chaos-run';
import type { ChaosResult } from './chaos-run';

const SHOWN = 5;

function print({ verdicts, strikes, tasks, seconds, lostReplies }: ChaosResult): void {
  const rate = (tasks / seconds).toFixed(1);
  console.log(`\n${tasks} operations in ${seconds.toFixed(1)} s (${rate} a second)`);
  console.log(
    `${strikes.kills} SIGKILL, ${strikes.stops} SIGSTOP, ${strikes.databaseKills} kills of the database, ` +
      `${lostReplies} replies lost\n`,
  );
  for (const { invariant, violations } of verdicts) {
    console.log(`${violations.length === 0 ? 'holds ' : 'BROKEN'}  ${invariant}`);
    for (const violation of violations.slice(0, SHOWN)) console.log(`          ${violation}`);
    if (violations.length > SHOWN) console.log(`          and ${violations.length - SHOWN} more`);
  }
}

/** As jest would report it, for whoever adds up. */
function tally({ verdicts }: ChaosResult): object {
  const failed = verdicts.filter(({ violations }) => violations.length > 0).length;
  const counts = { numPassedTests: verdicts.length - failed, numFailedTests: failed };
  return { ...counts, numRuntimeErrorTestSuites: 0, success: failed === 0 };
}

async function main(): Promise<void> {
  const args = process.argv.slice(3);
  if (args.includes('--help')) {
    console.log(chaosHelp());
    return;
  }
  const options = readChaosOptions(args);
  console.log(`The seed is ${options.seed}.`);
  const result = await ChaosRun.run(options, (line) => console.log(line));
  print(result);
  if (options.report !== undefined) writeFileSync(options.report, JSON.stringify(tally(result)));
  if (result.verdicts.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
