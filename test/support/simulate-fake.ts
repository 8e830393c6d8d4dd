import { runSimulator } from '../../src/commands/run-simulator';
import { FakeSimulator } from './fake-simulator';

// What src/commands/simulate.ts does, with the one simulator that a test can look through.
runSimulator(process.argv.slice(3), { fake: new FakeSimulator() });
