import type { Workflow } from '../../../src/tasks';
import type { Hardship } from '../backends/faulty-backend';
import { createVmWithNetwork, SCENARIOS } from './scenarios';
import type { Scenario } from './scenarios';

/** What befalls a gateway that is frozen at a point, before it goes on. */
export type Interlude = 'DISMISSED' | 'DATABASE_AWAY';

/** One way to lead an operation past crash points that it does not pass when all goes well. */
export interface Trial extends Scenario {
  readonly name: string;
  /** The points that it is for, by their names; it is over when each has been struck. */
  readonly wants: (point: string) => boolean;
  /** Where the gateway dies first, one after the other, so that the hardship begins there. */
  readonly through: readonly string[];
  readonly hardship?: { readonly kind: Hardship; readonly act?: string };
  readonly tasks?: object;
  /** When somebody wants the operation cancelled. */
  readonly cancelled?: 'QUEUED' | 'IN_HARDSHIP';
  readonly interlude?: { readonly at: string; readonly kind: Interlude };
  /** Whether the operation may fail by it. */
  readonly mayFail?: boolean;
}

type Steps = Pick<Workflow<never>, 'operation' | 'steps'>;

function endsWith(...ends: string[]): Trial['wants'] {
  return (point) => ends.some((end) => point.endsWith(end));
}

/** The backend is away when the step begins, until the task has been put down both ways. */
function away(scenario: Scenario, { steps }: Steps): Trial[] {
  const { operation } = scenario;
  const touching = steps.filter(({ acts = [], asks = [] }) => acts.length + asks.length > 0);
  return touching.map(({ name }) => ({
    ...scenario,
    name: `away at ${name}`,
    wants: endsWith(...['parking', 'parked', 'postponing', 'postponed'].map((at) => `/${name}:${at}`)),
    through: [`${operation}/${name}:begun`],
    hardship: { kind: 'AWAY' },
  }));
}

/** Work of the step ends badly, is lost, or goes on in a second stage. */
function badEnds(scenario: Scenario, { steps }: Steps): Trial[] {
  const { operation } = scenario;
  const kinds = { FAILING: 'FAILED', LOSING: 'LOST', STAGED: 'CONTINUE' } as const;
  const acts = steps.flatMap(({ name, acts: own = [] }) => own.map((act) => ({ name, act })));
  return acts.flatMap(({ name, act }) =>
    (['FAILING', 'LOSING', 'STAGED'] as const).map((kind) => ({
      ...scenario,
      name: `${kind} ${act}`,
      wants: (point: string) =>
        point.startsWith(`${operation}/${act}:${kinds[kind]}:`) ||
        (kind === 'FAILING' && /undo|:turn|-(back|again)[:-]/.test(point)),
      through: [`${operation}/${name}:begun`],
      hardship: { kind, act },
      mayFail: kind === 'FAILING',
    })),
  );
}

function ofTheEngine(scenario: Scenario, { steps }: Steps): Trial[] {
  const { operation } = scenario;
  const [first] = steps;
  const acting = steps.find(({ acts = [] }) => acts.length > 0) ?? first;
  const at = `${operation}/${acting?.name ?? ''}:begun`;
  const poisoned: Trial = {
    ...{ ...scenario, name: 'poisoned', wants: endsWith(':turning-back', ':turned-back') },
    through: [`${operation}:started`, `${operation}/${first?.name ?? ''}:beginning`],
    tasks: { maxCrashes: 1 },
    mayFail: true,
  };
  const stopping = (kind: Interlude, ...ends: string[]): Trial => ({
    ...{ ...scenario, name: kind, wants: endsWith(...ends), through: [], interlude: { at, kind } },
  });
  return [
    {
      ...scenario,
      name: 'cancelled',
      wants: endsWith(':cancelling', ':cancelled'),
      through: [],
      cancelled: 'QUEUED',
    },
    poisoned,
    stopping('DISMISSED', ':handing-back', ':handed-back'),
    // The lease is longer than that, or the task would be somebody else's.
    { ...stopping('DATABASE_AWAY', ':releasing', ':released'), tasks: { leaseMs: 60_000 } },
  ];
}

/** Cancelled while nobody knows what was made: that is found and taken back. */
function takenBack(scenario: Scenario, { steps }: Steps): Trial[] {
  const { operation } = scenario;
  const made = steps.find(({ undo, acts = [] }) => undo && acts.includes('create'));
  if (!made) return [];
  return [
    {
      ...{ ...scenario, name: 'taken back', wants: (point) => /:(undo|turn)|\/delete/.test(point) },
      through: [`${operation}/${made.name}/create:after`],
      hardship: { kind: 'AWAY' },
      cancelled: 'IN_HARDSHIP',
    },
  ];
}

/** Everything that an operation is put through, the usual first. */
export function trialsOf(workflow: Steps): Trial[] {
  const scenario = SCENARIOS.find(({ operation }) => operation === workflow.operation);
  if (!scenario) throw new Error(`Nobody knows how to ask for ${workflow.operation}.`);
  const plain: Trial = { ...scenario, name: 'as usual', wants: () => true, through: [] };
  const waiting: Trial = {
    ...{ ...scenario, name: 'waiting for a network', act: createVmWithNetwork },
    ...{ wants: (point) => point.includes('/await-networks:'), through: [], hardship: { kind: 'SLOW' } },
  };
  return [
    plain,
    ...takenBack(scenario, workflow),
    ...ofTheEngine(scenario, workflow),
    ...away(scenario, workflow),
    ...badEnds(scenario, workflow),
    ...(workflow.operation === 'CREATE_VM' ? [waiting] : []),
  ];
}
