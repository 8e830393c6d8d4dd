import type { Workflow } from '../tasks';
import type { StopVmTaskInput } from './stop-vm.workflow';
import { simpleVmWorkflow } from './vm-workflow';
import type { VmWorkflowServices } from './vm-workflow';

/** Restarts a VM's guest, by asking it or by force. */
export function rebootVmWorkflow(services: VmWorkflowServices): Workflow<StopVmTaskInput> {
  return simpleVmWorkflow(services, {
    operation: 'REBOOT_VM',
    action: 'REBOOT',
    stepName: 'reboot-vm',
    deadlineMs: 5 * 60_000,
    mutate: ({ provider, ref }, { force }, call) =>
      provider.rebootVm(ref, force ? 'FORCED' : 'GRACEFUL', call),
  });
}
