import { createNetworkWorkflow, deleteNetworkWorkflow } from '../../../src/networks';
import { crashPointsOf } from '../../../src/tasks';
import {
  createVmWorkflow,
  deleteVmWorkflow,
  rebootVmWorkflow,
  resizeVmWorkflow,
  startVmWorkflow,
  stopVmWorkflow,
} from '../../../src/vms';
import type { BackendKind } from '../backends';
import { ChaosWorld } from '../chaos-world';
import { judge } from '../invariants';
import type { Verdict } from '../invariants';
import { Load } from '../load';
import { CrashWalk } from './crash-walk';
import type { WalkOptions, WalkResult } from './crash-walk';

/** Their steps are looked at, and never done. */
const WORKFLOWS = [
  createNetworkWorkflow,
  deleteNetworkWorkflow,
  createVmWorkflow,
  stopVmWorkflow,
  startVmWorkflow,
  rebootVmWorkflow,
  resizeVmWorkflow,
  deleteVmWorkflow,
].map((make) => make({} as never));

export interface WalkReport extends WalkResult {
  readonly verdicts: readonly Verdict[];
}

/**
 * Strikes at every crash point of every operation on one kind of backend, and judges what is left.
 * To be frozen takes a database that a second gateway can use meanwhile.
 */
export async function runWalk(
  backend: BackendKind,
  options: WalkOptions,
  say: (line: string) => void = () => undefined,
): Promise<WalkReport> {
  const frozen = options.mode === 'stop';
  const world = await ChaosWorld.open({
    ...{ database: frozen ? 'mariadb' : 'sqlite', workers: frozen ? 2 : 1, backends: [backend] },
    ...{ loseReply: 0, lagMs: 300, seed: 1, disable: [] },
  });
  try {
    await world.workers[0]?.start();
    const load = new Load(world.client, { tasks: 0, clients: 1, seed: 1, backends: world.backends });
    const [tenant] = await load.prepare();
    if (!tenant) throw new Error('There is no tenant.');
    const walk = new CrashWalk(world, load.acknowledgements, tenant, options, say);
    const result = await walk.run((operation) => {
      const workflow = WORKFLOWS.find((one) => one.operation === operation);
      if (!workflow) throw new Error(`Nothing is known of ${operation}.`);
      return crashPointsOf(workflow);
    });
    return { ...result, verdicts: judge(await world.evidence(load.acknowledgements.all)) };
  } finally {
    await world.remove();
  }
}
