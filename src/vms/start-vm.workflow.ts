import type { Workflow } from '../tasks';
import { simpleVmWorkflow } from './vm-workflow';
import type { VmTaskInput, VmWorkflowServices } from './vm-workflow';

/** Powers a VM on; a suspended one is resumed. */
export function startVmWorkflow(services: VmWorkflowServices): Workflow<VmTaskInput> {
  return simpleVmWorkflow(services, {
    operation: 'START_VM',
    action: 'START',
    stepName: 'start-vm',
    deadlineMs: 5 * 60_000,
    mutate: ({ provider, ref }, _input, call) => provider.startVm(ref, call),
  });
}
