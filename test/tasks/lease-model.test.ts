import fc from 'fast-check';
import { disableProtections } from '../../src/kernel';
import { sqliteDatabases } from '../support/test-databases';
import { EngineStage, step } from './engine-stage';
import { leaseCommands, playLeases } from './lease-model';

/** `HYPERGATE_MODEL_RUNS=10000` for the long run (`npm run test:model`), `HYPERGATE_MODEL_SEED` to repeat one. */
const RUNS = Number(process.env['HYPERGATE_MODEL_RUNS'] ?? 100);
const SEED = Number(process.env['HYPERGATE_MODEL_SEED'] ?? Date.now() % 2 ** 31);

test(`whatever comes in whatever order, one holder writes and no other (${String(RUNS)} sequences, seed ${String(SEED)})`, async () => {
  const databases = await sqliteDatabases();
  const stage = await EngineStage.open(await databases.fresh());
  try {
    stage.register({ steps: [step('one', () => undefined)] });
    const property = fc.asyncProperty(leaseCommands(30), (commands) => playLeases(stage, commands));
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  } finally {
    await stage.close();
    await databases.close();
  }
}, 3_600_000);

// The last one in this file: nothing switches a protection on again.
test('the model notices when writes carry no fence', async () => {
  disableProtections(['fence']);
  const databases = await sqliteDatabases();
  const stage = await EngineStage.open(await databases.fresh());
  try {
    stage.register({ steps: [step('one', () => undefined)] });
    const property = fc.asyncProperty(leaseCommands(30), (commands) => playLeases(stage, commands));
    expect(await fc.check(property, { numRuns: 50, seed: SEED, endOnFailure: true })).toMatchObject({
      failed: true,
    });
  } finally {
    await stage.close();
    await databases.close();
  }
});
