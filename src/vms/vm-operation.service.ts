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
import { amountsOfResize, claimantOf, VM_FIELDS } from './vm-quota';
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

/** Open tasks on one VM; each request on it reads them all. There is always room for its deletion. */
const MOST_OPEN = 100;

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

/** What an operation does in the transaction of its request, beside queueing its task. */
interface Alongside<Input> {
  /** Answers the task that is to stand for the request, where there is one already. */
  readonly before?: (session: Session, vm: Vm, open: readonly Task[]) => Promise<Task | null>;
  readonly after?: (session: Session, vm: Vm, task: Task, input: Input) => Promise<void>;
}

interface Plan<Input> extends Alongside<Input> {
  readonly action: VmActionName;
  /** The task's input. @throws what forbids the action besides its state */
  readonly describe: (vm: Vm, capabilities: Capabilities, open: readonly Task[]) => Input;
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

  /**
   * @throws NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, UNSUPPORTED, RESOURCE_EXHAUSTED while too much is queued
   *   on the VM; so do the others.
   */
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

  /**
   * Also throws INVALID_ARGUMENT for sizes; FAILED_PRECONDITION with the reason NEEDS_STOP on a running VM;
   * RESOURCE_EXHAUSTED for the quota.
   */
  resize(scope: TenantScope, input: ResizeVm): Promise<VmAndTask> {
    const describe = (vm: Vm, capabilities: Capabilities, open: readonly Task[]) => {
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
      const { allowRestart } = input;
      const holds = amountsOfResize(vm, size);
      return { vmId: vm.id, size, allowRestart, holds } satisfies ResizeVmTaskInput;
    };
    return this.queue(scope, input, 'RESIZE', describe, {
      after: (session, vm, task, { holds }) =>
        this.services.quotas.hold(session, claimantOf(vm), task.id, holds, VM_FIELDS),
    });
  }

  /** Repeating it answers the task that is under way. */
  delete(scope: TenantScope, input: OperateVm): Promise<VmAndTask> {
    const describe = (vm: Vm): DeleteVmTaskInput => ({ vmId: vm.id, lifecycleBefore: vm.lifecycle });
    return this.queue(scope, input, 'DELETE', describe, {
      before: async (session, vm, open) => {
        const running = open.find((task) => task.operation === 'DELETE_VM');
        if (running) return running;
        // Until its creation has come to its end a VM is being made; the deletion says so itself when its turn comes.
        if (vm.lifecycle !== 'PROVISIONING') {
          await this.services.store.update(session, vm.id, { lifecycle: 'DELETING' });
        }
        return null;
      },
    });
  }

  private async queue<Input extends object>(
    scope: TenantScope,
    input: OperateVm,
    action: VmActionName,
    describe: (vm: Vm, capabilities: Capabilities, open: readonly Task[]) => Input,
    alongside: Alongside<Input> = {},
  ): Promise<VmAndTask> {
    const { tenantId } = await this.vms.get(scope, input.id, 'input.id');
    scope.requireRole('OPERATOR');
    const request = idempotentRequest(MUTATIONS[action], tenantId, input);
    const ids = await this.services.idempotency.once(request, (session) =>
      this.enqueue(session, scope, input.id, { ...alongside, action, describe }),
    );
    return this.vms.load(scope, ids);
  }

  private async enqueue<Input extends object>(
    session: Session,
    scope: TenantScope,
    id: string,
    { action, describe, before, after }: Plan<Input>,
  ): Promise<VmAndTaskIds> {
    const { store, tasks, backends } = this.services;
    const vm = await store.lock(session, scope, id);
    if (!vm) throw notFound('Vm', id, 'input.id');
    if (vm.lifecycle === 'DELETED') throw refuse('The VM is DELETED.');
    const open = (await tasks.store.openInLanes(session, scope, [id])).get(id) ?? [];
    const { provider } = backends.require(vm.backendId);
    refuseUnlessAllowed(action, vm, provider.capabilities, open);
    const input = describe(vm, provider.capabilities, open);
    const known = await before?.(session, vm, open);
    if (known) return { vmId: id, taskId: known.id };
    if (action !== 'DELETE' && open.length >= MOST_OPEN) throw tooMany(open.length);
    const { tenantId, backendId } = vm;
    const request = { operation: OPERATIONS[action], tenantId, backendId, targetId: id, input };
    const task = await tasks.enqueue(session, scope, request);
    await after?.(session, vm, task, input);
    return { vmId: id, taskId: task.id };
  }
}

function refuse(message: string): AppError {
  return new AppError('FAILED_PRECONDITION', message);
}

function tooMany(actual: number): AppError {
  const message = `${String(actual)} tasks are open on the VM already; wait for some of them to end.`;
  const details = { limit: 'openTasksPerVm', max: MOST_OPEN, actual };
  return new AppError('RESOURCE_EXHAUSTED', message, { details });
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
