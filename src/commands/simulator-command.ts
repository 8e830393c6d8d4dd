import { parseArgs } from 'node:util';
import { z } from 'zod';
import { camel, describeOption, isFlag, kebab, shapesOf, valueOf } from './command-line-option';
import type { OptionShape } from './command-line-option';
import { describeProblems } from '../config';
import type { SimulatorFactories } from '../simulators/registry';
import type { SimulatorFactory } from '../simulators/simulator';

/** The command line cannot be used; one line for each problem, `--option: what is allowed`. */
export class UsageError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'UsageError';
  }
}

export interface SimulatorCommand {
  readonly factory: SimulatorFactory;
  readonly port: number;
  /** Checked and completed by the factory's schema. */
  readonly options: unknown;
}

type OptionShapes = Readonly<Record<string, OptionShape>>;

interface Given {
  /** By the schema's keys. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

/** What every simulator has beside its own options. */
const commonSchema = z.strictObject({
  port: z.int().min(0).max(65535).default(8989).describe('0 lets the system choose'),
});

/** All that can be said on the command line, for each kind. */
export function simulatorHelp(simulators: SimulatorFactories): string {
  const kinds = Object.values(simulators).map(({ kind, optionsSchema }) => {
    const options = Object.entries({ ...shapesOf(commonSchema), ...shapesOf(optionsSchema) });
    return `\n${kind}:\n${options.map(([key, shape]) => `  ${describeOption(key, shape)}\n`).join('')}`;
  });
  return `usage: npm run simulate -- KIND [options]\n${kinds.join('')}`;
}

/** Options that are given more than once count as they stand last. */
function readOptions(args: readonly string[], shapes: OptionShapes): Given {
  const names = Object.entries(shapes).map(
    ([key, shape]) => [kebab(key), { type: isFlag(shape) ? 'boolean' : 'string' }] as const,
  );
  const { values, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names),
    allowPositionals: true,
    strict: false, // it would name one problem only, and explain it at length
  });
  const problems = positionals.map((word) => `${word}: unexpected; values follow an option`);
  const read = Object.entries(values).flatMap(([name, value]) => {
    const key = camel(name);
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (shape === undefined) problems.push(`--${name}: unknown option; see --help`);
    else if (typeof value === 'string') return [[key, valueOf(shape, value)] as const];
    else if (isFlag(shape)) return [[key, value] as const];
    else problems.push(`--${name}: needs a value`);
    return [];
  });
  return { values: Object.fromEntries(read), problems };
}

/** The schema's own words, under the option's name as it is written here. */
function problemsIn(schema: z.ZodType, error: z.ZodError | undefined): readonly string[] {
  if (error === undefined) return [];
  return describeProblems(error, schema, ['options']).map((problem) =>
    problem.replace(/^options\.([^.:[]+)/, (_all, key: string) => `--${kebab(key)}`),
  );
}

/**
 * Reads `KIND --option value …`. Every option of the simulator's schema is one here: `taskMs` is `--task-ms N`, an
 * object is `--faults name=0.1,other=0.2`.
 * @returns null when help is asked for
 * @throws UsageError naming every problem at once
 */
export function readSimulatorCommand(
  args: readonly string[],
  simulators: SimulatorFactories,
): SimulatorCommand | null {
  if (args.includes('--help') || args.includes('-h')) return null;
  const [kind = '', ...rest] = args;
  const factory = Object.hasOwn(simulators, kind) ? simulators[kind] : undefined;
  if (factory === undefined) throw new UsageError([`KIND: one of ${Object.keys(simulators).join(', ')}`]);
  const { optionsSchema } = factory;
  const { values, problems } = readOptions(rest, { ...shapesOf(commonSchema), ...shapesOf(optionsSchema) });
  const { port, ...own } = values;
  const common = commonSchema.safeParse({ port });
  const options = optionsSchema.safeParse(own);
  if (common.success && options.success && problems.length === 0) {
    return { factory, port: common.data.port, options: options.data };
  }
  throw new UsageError([
    ...problems,
    ...problemsIn(commonSchema, common.error),
    ...problemsIn(optionsSchema, options.error),
  ]);
}
