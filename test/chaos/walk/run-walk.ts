import { createNetworkWorkflow, deleteNetworkWorkflow } from '../../../src/networks';
import { crashPointsOf } from '../../../src/tasks';
import {
  createVmWorkflow,
  deleteVmWorkflow,
  rebootVmWorkflow,
  resizeVmWorkflow,
  resumeVmWorkflow,
  startVmWorkflow,
  stopVmWorkflow,
  suspendVmWorkflow,
} from '../../../src/vms';
import type { BackendKind } from '../backends';
import type { Verdict } from '../invariants';
import { CrashWalk } from './crash-walk';
import type { Points, WalkOptions } from './crash-walk';
import { Lane } from './lane';
import { trialsOf } from './trials';
import type { Trial } from './trials';

/** Their steps are looked at, and never done. */
const WORKFLOWS = [
  createVmWorkflow,
  createNetworkWorkflow,
  resizeVmWorkflow,
  deleteVmWorkflow,
  deleteNetworkWorkflow,
  stopVmWorkflow,
  startVmWorkflow,
  rebootVmWorkflow,
  suspendVmWorkflow,
  resumeVmWorkflow,
].map((make) => make({} as never));

export interface LaneOptions extends WalkOptions {
  /** Gateways side by side. */
  readonly lanes: number;
  /** Every how many-th point is struck; 1 for all. */
  readonly every: number;
  readonly offset: number;
  /** Of these operations only; of all when empty. */
  readonly operations: readonly string[];
  /** After which no other operation is begun; 0 for never. */
  readonly seconds: number;
  /** Only trials whose name begins so. */
  readonly trials: string;
}

export interface WalkReport {
  readonly struck: readonly string[];
  /** Not on the way of anything that was tried here. */
  readonly notPassed: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly seconds: number;
}

type Say = (line: string) => void;

/**
 * Strikes at every crash point that the operations pass on one kind of backend, and judges what is left. To be frozen
 * takes a second gateway that takes over; the memory backend has none, and there the frozen one goes on by itself.
 */
export async function runWalk(
  kind: BackendKind,
  options: LaneOptions,
  say: Say = () => undefined,
): Promise<WalkReport> {
  const startedAt = Date.now();
  const workflows = WORKFLOWS.filter(
    ({ operation }) => options.operations.length === 0 || options.operations.includes(operation),
  );
  const all = workflows.flatMap(crashPointsOf);
  const chosen = all.filter((_, index) => index % options.every === options.offset % options.every);
  const points: Points = { left: new Set(chosen), struck: new Set() };
  const trials = inOrder(workflows.map(trialsOf)).filter(({ name }) => name.startsWith(options.trials));
  const walkOne = async (): Promise<Verdict[]> => {
    const database = options.mode === 'stop' && kind !== 'memory' ? 'mariadb' : 'sqlite';
    const lane = await Lane.open(kind, database);
    try {
      const until = options.seconds > 0 ? startedAt + options.seconds * 1_000 : Infinity;
      const walk = new CrashWalk(lane, points, { ...options, until }, say);
      for (let trial = trials.shift(); trial; trial = trials.shift()) await walk.endure(trial);
      return await lane.judge();
    } finally {
      await lane.remove();
    }
  };
  const verdicts = await Promise.all(Array.from({ length: options.lanes }, walkOne));
  return {
    ...{ struck: [...points.struck], notPassed: [...points.left] },
    ...{ verdicts: together(verdicts), seconds: (Date.now() - startedAt) / 1_000 },
  };
}

/** First the usual of each, so that the rest need not look for it. */
function inOrder(trials: readonly (readonly Trial[])[]): Trial[] {
  return [...trials.flatMap((own) => own.slice(0, 1)), ...trials.flatMap((own) => own.slice(1))];
}

function together(lanes: readonly (readonly Verdict[])[]): Verdict[] {
  return (lanes[0] ?? []).map(({ invariant }, index) => ({
    invariant,
    violations: lanes.flatMap((lane) => lane[index]?.violations ?? []),
  }));
}
