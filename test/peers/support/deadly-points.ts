import { pollOf } from '../../../src/tasks';
import type { Workflow } from '../../../src/tasks';

type Steps = Pick<Workflow<never>, 'operation' | 'steps'>;

/**
 * Whether a crash point is one for a peer: at the border of a step, around a change outside, within a provider. Around
 * mere questions and the engine's other writes `npm run chaos -- points` kills, on every kind of backend.
 */
export function deadlyPointsOf(workflows: readonly Steps[]): (point: string) => boolean {
  const harmless = workflows.flatMap(({ operation, steps }) =>
    steps.flatMap(({ name, asks = [], writes = [], acts = [] }) =>
      [...asks, ...writes, ...acts.map(pollOf)].map((call) => `${operation}/${name}/${call}`),
    ),
  );
  return (point) => {
    const colon = point.lastIndexOf(':');
    if (colon < 0) return true;
    if (harmless.includes(point.slice(0, colon))) return false;
    return /^(begun|done|committed|before|after|heard|left|ending|ended)$/.test(point.slice(colon + 1));
  };
}
