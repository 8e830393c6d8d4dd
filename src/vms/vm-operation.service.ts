import type { Session } from '../database';
import { AppError, invalidArgument, notFound } from '../kernel';
import type { TenantScope } from '../kernel';
import type { Capabilities, VmSize } from '../providers/contract';
import type { Task, TaskOperation } from '../tasks';
import type { DeleteVmTaskInput } from './delete-vm.workflow';
import { changeableSize, needsStop } from './resize-rules';
import type { ResizeVmTaskInput } from './resize-vm.workflow';
import type { StopVmTaskInput } from './stop-vm.workflow';
import type { Vm } from './vm';
import { judgeAction } from './vm-action';
import type { VmActionName } from './vm-action';
import { requireSize } from './vm-input';
import type { VmAndTask, VmServices } from './vm.service';

const OPERATIONS: Readonly<Record<VmActionName, TaskOperation>> = {
  START: 'START_VM',
  STOP: 'STOP_VM',
  REBOOT: 'REBOOT_VM',
  SUSPEND: 'SUSPEND_VM',
  RESUME: 'RESUME_VM',
  RESIZE: 'RESIZE_VM',
  DELETE: 'DELETE_VM',
};

export interface ResizeVm {
  readonly id: string;
  readonly cpuCount: number | null;
  readonly memoryMib: number | null;
  readonly diskGib: number | null;
  /** Whether a running VM may be shut down and started again for it. */
  readonly allowRestart: boolean;
}

/**
 * Everything that is done with a VM once it is there. Operations on one VM queue behind each other; an action that the
 * present state forbids is refused at once only when nothing is queued that may change the state first.
 */
export class VmOperationService {
  constructor(private readonly services: VmServices) {}

  /** @throws NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, UNSUPPORTED; so do the others. */
  start(scope: TenantScope, id: string): Promise<VmAndTask> {
    return this.queue(scope, id, 'START', (vm) => ({ vmId: vm.id }));
  }

  stop(scope: TenantScope, id: string, force: boolean): Promise<VmAndTask> {
    return this.queue(scope, id, 'STOP', (vm, capabilities) => {
      if (!force && !capabilities.vm.gracefulStop) {
        throw new AppError('UNSUPPORTED', 'input.force: the backend can only stop by force.', {
          details: { field: 'input.force' },
        });
      }
      return { vmId: vm.id, force } satisfies StopVmTaskInput;
    });
  }

  reboot(scope: TenantScope, id: string, force: boolean): Promise<VmAndTask> {
    return this.queue(scope, id, 'REBOOT', (vm) => ({ vmId: vm.id, force }) satisfies StopVmTaskInput);
  }

  suspend(scope: TenantScope, id: string): Promise<VmAndTask> {
    return this.queue(scope, id, 'SUSPEND', (vm) => ({ vmId: vm.id }));
  }

  resume(scope: TenantScope, id: string): Promise<VmAndTask> {
    return this.queue(scope, id, 'RESUME', (vm) => ({ vmId: vm.id }));
  }

  /** Also throws INVALID_ARGUMENT for sizes; FAILED_PRECONDITION with the reason NEEDS_STOP on a running VM. */
  resize(scope: TenantScope, input: ResizeVm): Promise<VmAndTask> {
    return this.queue(scope, input.id, 'RESIZE', (vm, capabilities, open) => {
      const { resize } = capabilities.vm;
      const size = changeableSize(vm, sizeChange(vm, input), resize);
      const restart = vm.powerState === 'POWERED_ON' && needsStop(vm, size, resize);
      // What is queued may stop it first: the task will tell.
      if (restart && !input.allowRestart && open.length === 0) {
        throw new AppError(
          'FAILED_PRECONDITION',
          'The VM has to be stopped for this: stop it first, or allow the restart with `allowRestart`.',
          { details: { reason: 'NEEDS_STOP' } },
        );
      }
      return { vmId: vm.id, size, allowRestart: input.allowRestart } satisfies ResizeVmTaskInput;
    });
  }

  /** Repeating it answers the task that is under way. */
  async delete(scope: TenantScope, id: string): Promise<VmAndTask> {
    const describe = (vm: Vm): DeleteVmTaskInput => ({ vmId: vm.id, lifecycleBefore: vm.lifecycle });
    return this.queue(scope, id, 'DELETE', describe, async (session, vm, open) => {
      const running = open.find((task) => task.operation === 'DELETE_VM');
      if (running) return running;
      // Until its creation has come to its end a VM is being made; the deletion says so itself when its turn comes.
      if (vm.lifecycle !== 'PROVISIONING') {
        await this.services.store.update(session, vm.id, { lifecycle: 'DELETING' });
      }
      return null;
    });
  }

  private async queue(
    scope: TenantScope,
    id: string,
    action: VmActionName,
    describe: (vm: Vm, capabilities: Capabilities, open: readonly Task[]) => object,
    before: (session: Session, vm: Vm, open: readonly Task[]) => Promise<Task | null> = () =>
      Promise.resolve(null),
  ): Promise<VmAndTask> {
    const { store, tasks, backends } = this.services;
    return store.database.transaction(async (session) => {
      const vm = await store.lock(session, scope, id);
      if (!vm) throw notFound('Vm', id, 'input.id');
      scope.requireRole('OPERATOR');
      if (vm.lifecycle === 'DELETED') throw refuse('The VM is DELETED.');
      const open = (await tasks.store.openInLanes(session, scope, [id])).get(id) ?? [];
      const { provider } = backends.require(vm.backendId);
      refuseUnlessAllowed(action, vm, provider.capabilities, open);
      const input = describe(vm, provider.capabilities, open);
      const known = await before(session, vm, open);
      const { tenantId, backendId } = vm;
      const request = { operation: OPERATIONS[action], tenantId, backendId, targetId: id, input };
      const task = known ?? (await tasks.enqueue(session, scope, request));
      return { vm: (await store.find(session, scope, id)) ?? vm, task };
    });
  }
}

function refuse(message: string): AppError {
  return new AppError('FAILED_PRECONDITION', message);
}

function refuseUnlessAllowed(
  action: VmActionName,
  vm: Vm,
  capabilities: Capabilities,
  open: readonly Task[],
): void {
  const verdict = judgeAction(action, vm, capabilities);
  if (verdict?.code === 'UNSUPPORTED') throw new AppError('UNSUPPORTED', verdict.reason);
  if (vm.lifecycle === 'DELETING' && action !== 'DELETE') throw refuse('The VM is being deleted.');
  // With something queued, the state may be another one by the time that this is due: the task will tell.
  if (verdict && open.length === 0) throw refuse(verdict.reason);
}

function sizeChange(vm: Vm, input: ResizeVm): VmSize {
  const size: VmSize = {
    ...(input.cpuCount === null ? {} : { cpuCount: requireSize('cpuCount', input.cpuCount) }),
    ...(input.memoryMib === null ? {} : { memoryMib: requireSize('memoryMib', input.memoryMib) }),
    ...(input.diskGib === null ? {} : { diskGib: requireSize('diskGib', input.diskGib) }),
  };
  if (Object.keys(size).length === 0) {
    throw invalidArgument('input', 'name at least one of cpuCount, memoryMib and diskGib.');
  }
  if (size.diskGib !== undefined && size.diskGib < vm.diskGib) {
    throw invalidArgument('input.diskGib', `must be at least ${String(vm.diskGib)}: a disk never shrinks.`);
  }
  return size;
}
