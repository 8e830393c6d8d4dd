import type { Workflow } from '../tasks';
import { simpleVmWorkflow } from './vm-workflow';
import type { VmTaskInput, VmWorkflowServices } from './vm-workflow';

/** Brings a suspended VM back to where it was. */
export function resumeVmWorkflow(services: VmWorkflowServices): Workflow<VmTaskInput> {
  return simpleVmWorkflow(services, {
    operation: 'RESUME_VM',
    action: 'RESUME',
    stepName: 'resume-vm',
    deadlineMs: 15 * 60_000,
    mutate: ({ provider, ref }, _input, call) => provider.resumeVm(ref, call),
  });
}
