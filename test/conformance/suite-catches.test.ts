import { FULL_CAPABILITIES, memoryHarness } from '../providers/memory-harness';
import { BREAKAGES, brokenProvider } from './breakages';
import type { Breakage } from './breakages';
import { ALL_CASES } from './cases';
import { applies, missingNeeds } from './conformance-case';
import { runCase } from './describe-provider';
import { Stage } from './stage';

/** What a broken provider has not done by then it never will. */
const TIMEOUT_MS = 150;

function caseNamed(name: string) {
  const found = ALL_CASES.filter((each) => each.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} cases are named "${name}".`);
  return found[0];
}

async function run(caseName: string, breakage: Breakage, timeoutMs: number): Promise<void> {
  const harness = {
    ...memoryHarness(breakage.name, breakage.config ?? {}, FULL_CAPABILITIES, (backend) =>
      brokenProvider(breakage, backend),
    ),
    timeoutMs,
  };
  const each = caseNamed(caseName);
  if (!applies(each, harness) || missingNeeds(each, harness).length > 0) {
    throw new Error(`The case "${caseName}" does not apply here.`);
  }
  const stage = await Stage.start(harness);
  try {
    await runCase(each, stage);
  } finally {
    await stage.backend.stop();
  }
}

const pairs = BREAKAGES.flatMap((breakage) =>
  breakage.caughtBy.map((caseName): [string, string, Breakage] => [breakage.name, caseName, breakage]),
);

/** What is thrown when a test is written wrongly, as opposed to a provider that is found out. */
const MISTAKES = /does not apply here|cases are named/;

describe('the suite finds out', () => {
  test.each(pairs)('%s, by "%s"', async (_name, caseName, breakage) => {
    const found = await run(caseName, breakage, TIMEOUT_MS).then(
      () => 'nothing',
      (error: unknown) => String(error),
    );
    expect(found).not.toBe('nothing');
    expect(found).not.toMatch(MISTAKES);
  });

  test.each([...new Set(pairs.map(([, caseName]) => caseName))])(
    'and passes what is sound, by "%s"',
    (caseName) => run(caseName, { name: 'sound', caughtBy: [] }, 10_000),
  );
});

describe('what is declared decides', () => {
  const least = {
    ...FULL_CAPABILITIES,
    vm: { ...FULL_CAPABILITIES.vm, suspend: false, consoleLog: false, gracefulStop: false, reboot: false },
    watch: 'NONE' as const,
  };

  /** A manifest that denies what the plugin, left unguarded, does all the same. */
  const denying = memoryHarness('denying', {}, least, (backend) =>
    brokenProvider({ name: 'denying', caughtBy: [], overrides: () => ({ capabilities: least }) }, backend),
  );

  test.each(ALL_CASES.filter((each) => each.name.startsWith('undeclared') && applies(each, denying)))(
    '$capability: $name',
    async (each) => {
      const stage = await Stage.start({ ...denying, timeoutMs: TIMEOUT_MS });
      await expect(runCase(each, stage)).rejects.toBeDefined();
      await stage.backend.stop();
    },
  );

  test('names of cases are unique within their capability', () => {
    const names = ALL_CASES.map(({ capability, name }) => `${capability}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
