/**
 * Adds up reports of `npm run check` and of jest into one closing line, `N passed, N failed`, and exits with 1
 * unless all is well. A report that is missing, unreadable or without a single test counts as one failure: its
 * runner died or ran nothing. `--failed` says that some runner exited with an error; where no report owns up to
 * one, that is a failure too.
 */
import { readFileSync } from 'node:fs';

const ONE_FAILURE = { passed: 0, failed: 1 };

function ofCheck({ stages }) {
  const passed = stages.filter((stage) => stage.passed).length;
  return { passed, failed: stages.length - passed };
}

/** A file that jest could not even load has no tests; it is a failure of its own. */
function ofJest({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites, success }) {
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return { passed: numPassedTests, failed: failed === 0 && !success ? 1 : failed };
}

function count(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    const counts = report.stages ? ofCheck(report) : ofJest(report);
    if (!Number.isInteger(counts.passed + counts.failed)) throw new Error('It holds no counts.');
    return counts.passed + counts.failed === 0 ? ONE_FAILURE : counts;
  } catch (error) {
    console.log(`${path}: ${error.message}`);
    return ONE_FAILURE;
  }
}

const args = process.argv.slice(2);
const someRunnerFailed = args.includes('--failed');
const counts = args.filter((arg) => arg !== '--failed').map(count);
const sum = (key) => counts.reduce((total, one) => total + one[key], 0);

const passed = sum('passed');
const failed = Math.max(sum('failed'), someRunnerFailed ? 1 : 0);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
