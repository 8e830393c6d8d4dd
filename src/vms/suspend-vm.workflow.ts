import type { Workflow } from '../tasks';
import { simpleVmWorkflow } from './vm-workflow';
import type { VmTaskInput, VmWorkflowServices } from './vm-workflow';

/** Saves a running VM's memory and stops it. */
export function suspendVmWorkflow(services: VmWorkflowServices): Workflow<VmTaskInput> {
  return simpleVmWorkflow(services, {
    operation: 'SUSPEND_VM',
    action: 'SUSPEND',
    stepName: 'suspend-vm',
    deadlineMs: 15 * 60_000,
    mutate: ({ provider, ref }, _input, call) => provider.suspendVm(ref, call),
  });
}
