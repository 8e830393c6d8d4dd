import type { WorkflowStep } from './workflow';

/** A running task never shows 100: that is for the end. */
const MOST_WHILE_RUNNING = 99;

/**
 * The progress of a whole task.
 * @param position the step under way
 * @param percent how far that step is, 0 to 100
 */
export function overallProgress(
  steps: readonly Pick<WorkflowStep<unknown>, 'weight'>[],
  position: number,
  percent: number,
): number {
  const weight = (step: { readonly weight?: number }): number => step.weight ?? 1;
  const total = steps.reduce((sum, step) => sum + weight(step), 0);
  const before = steps.slice(0, position).reduce((sum, step) => sum + weight(step), 0);
  const current = steps[position];
  const within = current ? (weight(current) * Math.min(100, Math.max(0, percent))) / 100 : 0;
  return Math.min(MOST_WHILE_RUNNING, Math.floor(((before + within) / total) * 100));
}
