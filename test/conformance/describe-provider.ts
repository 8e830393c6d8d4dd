import { ALL_CASES } from './cases';
import { CAPABILITY_GROUPS, applies, missingNeeds } from './conformance-case';
import type { CapabilityGroup, ConformanceCase } from './conformance-case';
import type { ProviderHarness } from './harness';
import { Session } from './session';
import { Stage } from './stage';

/** Runs one case against a backend and removes what it made, also when it fails. */
export async function runCase(each: ConformanceCase, stage: Stage): Promise<void> {
  const session = new Session(stage);
  let failed = true;
  try {
    await each.run(session);
    failed = false;
  } finally {
    // What a case failed for must not hide behind what its cleaning up fails for.
    await session.cleanUp().catch((error: unknown) => {
      if (!failed) throw error;
    });
  }
}

/**
 * Puts every rule of the contract that the manifest makes apply to one provider. A capability that is declared is
 * tested; for one that is not, the refusal is. What the harness cannot do is reported as skipped.
 * @param groups all, unless a variant of a provider that has passed them all differs in a few only
 */
export function describeProvider(
  harness: ProviderHarness,
  groups: readonly CapabilityGroup[] = CAPABILITY_GROUPS,
): void {
  describe(`the provider ${harness.name}`, () => {
    let stage: Stage;

    beforeAll(async () => {
      stage = await Stage.start(harness);
    }, harness.timeoutMs);

    afterAll(async () => {
      await stage.stop();
    }, harness.timeoutMs);

    for (const group of groups) {
      const selected = ALL_CASES.filter((each) => each.capability === group && applies(each, harness));
      if (selected.length > 0) describeGroup(group, selected, harness, () => stage);
    }
  });
}

function describeGroup(
  group: string,
  selected: readonly ConformanceCase[],
  harness: ProviderHarness,
  stage: () => Stage,
): void {
  describe(group, () => {
    for (const each of selected) {
      const missing = missingNeeds(each, harness);
      if (missing.length > 0) {
        test.skip(`${each.name} (the harness has no ${missing.join(', ')})`, () => undefined);
        continue;
      }
      test(each.name, () => runCase(each, stage()), 2 * harness.timeoutMs);
    }
  });
}
