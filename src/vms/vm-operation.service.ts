import type { Session } from '../database';
import { idempotentRequest } from '../idempotency';
import type { Keyed } from '../idempotency';
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
import type { VmAndTask, VmAndTaskIds, VmService, VmServices } from './vm.service';

const OPERATIONS: Readonly<Record<VmActionName, TaskOperation>> = {
  START: 'START_VM',
  STOP: 'STOP_VM',
  REBOOT: 'REBOOT_VM',
  SUSPEND: 'SUSPEND_VM',
  RESUME: 'RESUME_VM',
  RESIZE: 'RESIZE_VM',
  DELETE: 'DELETE_VM',
};

const MUTATIONS: Readonly<Record<VmActionName, string>> = {
  START: 'startVm',
  STOP: 'stopVm',
  REBOOT: 'rebootVm',
  SUSPEND: 'suspendVm',
  RESUME: 'resumeVm',
  RESIZE: 'resizeVm',
  DELETE: 'deleteVm',
};

export interface OperateVm extends Keyed {
  readonly id: string;
}

/** For what can be done politely, by asking the guest, or at once. */
export interface ForceVm extends OperateVm {
  readonly force: boolean;
}

export interface ResizeVm extends OperateVm {
  readonly cpuCount: number | null;
  readonly memoryMib: number | null;
  readonly diskGib: number | null;
  /** Whether a running VM may be shut down and started again for it. */
  readonly allowRestart: boolean;
}

/** The task's input. @throws what forbids the action besides its state */
type Describe = (vm: Vm, capabilities: Capabilities, open: readonly Task[]) => object;

/** What else happens in the transaction; a task that it answers takes the place of a new one. */
type Before = (session: Session, vm: Vm, open: readonly Task[]) => Promise<Task | null>;

interface Plan {
  readonly action: VmActionName;
  readonly describe: Describe;
  readonly before: Before;
}

/**
 * Everything that is done with a VM once it is there. Operations on one VM queue behind each other; an action that the
 * present state forbids is refused at once only when nothing is queued that may change the state first.
 */
export class VmOperationService {
  constructor(
    private readonly services: VmServices,
    private readonly vms: VmService,
  ) {}

  /** @throws NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, UNSUPPORTED; so do the others. */
  start(scope: TenantScope, input: OperateVm): Promise<VmAndTask> {
    return this.queue(scope, input, 'START', (vm) => ({ vmId: vm.id }));
  }

  stop(scope: TenantScope, input: ForceVm): Promise<VmAndTask> {
    const { force } = input;
    return this.queue(scope, input, 'STOP', (vm, capabilities) => {
      if (!force && !capabilities.vm.gracefulStop) {
        throw new AppError('UNSUPPORTED', 'input.force: the backend can only stop by force.', {
          details: { field: 'input.force' },
        });
      }
      return { vmId: vm.id, force } satisfies StopVmTaskInput;
    });
  }

  reboot(scope: TenantScope, input: ForceVm): Promise<VmAndTask> {
    const { force } = input;
    return this.queue(scope, input, 'REBOOT', (vm) => ({ vmId: vm.id, force }) satisfies StopVmTaskInput);
  }

  suspend(scope: TenantScope, input: OperateVm): Promise<VmAndTask> {
    return this.queue(scope, input, 'SUSPEND', (vm) => ({ vmId: vm.id }));
  }

  resume(scope: TenantScope, input: OperateVm): Promise<VmAndTask> {
    return this.queue(scope, input, 'RESUME', (vm) => ({ vmId: vm.id }));
  }

  /** Also throws INVALID_ARGUMENT for sizes; FAILED_PRECONDITION with the reason NEEDS_STOP on a running VM. */
  resize(scope: TenantScope, input: ResizeVm): Promise<VmAndTask> {
    return this.queue(scope, input, 'RESIZE', (vm, capabilities, open) => {
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
  delete(scope: TenantScope, input: OperateVm): Promise<VmAndTask> {
    const describe = (vm: Vm): DeleteVmTaskInput => ({ vmId: vm.id, lifecycleBefore: vm.lifecycle });
    return this.queue(scope, input, 'DELETE', describe, async (session, vm, open) => {
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
    input: OperateVm,
    action: VmActionName,
    describe: Describe,
    before: Before = () => Promise.resolve(null),
  ): Promise<VmAndTask> {
    const { tenantId } = await this.vms.get(scope, input.id, 'input.id');
    scope.requireRole('OPERATOR');
    const request = idempotentRequest(MUTATIONS[action], tenantId, input);
    const ids = await this.services.idempotency.once(request, (session) =>
      this.enqueue(session, scope, input.id, { action, describe, before }),
    );
    return this.vms.load(scope, ids);
  }

  private async enqueue(
    session: Session,
    scope: TenantScope,
    id: string,
    { action, describe, before }: Plan,
  ): Promise<VmAndTaskIds> {
    const { store, tasks, backends } = this.services;
    const vm = await store.lock(session, scope, id);
    if (!vm) throw notFound('Vm', id, 'input.id');
    if (vm.lifecycle === 'DELETED') throw refuse('The VM is DELETED.');
    const open = (await tasks.store.openInLanes(session, scope, [id])).get(id) ?? [];
    const { provider } = backends.require(vm.backendId);
    refuseUnlessAllowed(action, vm, provider.capabilities, open);
    const input = describe(vm, provider.capabilities, open);
    const known = await before(session, vm, open);
    const request = { operation: OPERATIONS[action], tenantId: vm.tenantId, targetId: id, input };
    const task = known ?? (await tasks.enqueue(session, scope, request));
    return { vmId: id, taskId: task.id };
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
