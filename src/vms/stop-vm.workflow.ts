import type { Workflow } from '../tasks';
import { simpleVmWorkflow } from './vm-workflow';
import type { VmTaskInput, VmWorkflowServices } from './vm-workflow';

export interface StopVmTaskInput extends VmTaskInput {
  /** Pulls the plug instead of asking the guest. */
  readonly force: boolean;
}

/** Shuts a VM down through its guest, or powers it off. */
export function stopVmWorkflow(services: VmWorkflowServices): Workflow<StopVmTaskInput> {
  return simpleVmWorkflow(services, {
    operation: 'STOP_VM',
    action: 'STOP',
    stepName: 'stop-vm',
    deadlineMs: 10 * 60_000,
    // A guest that did not listen for the provider's whole patience is asked once more, not five times.
    maxAttempts: 2,
    mutate: ({ provider, ref }, { force }, call) => provider.stopVm(ref, force ? 'FORCED' : 'GRACEFUL', call),
  });
}
