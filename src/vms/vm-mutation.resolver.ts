import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import { toTaskType } from '../tasks';
import {
  CreateVmInput,
  CreateVmPayload,
  DeleteVmInput,
  DeleteVmPayload,
  RebootVmInput,
  RebootVmPayload,
  ResizeVmInput,
  ResizeVmPayload,
  ResumeVmInput,
  ResumeVmPayload,
  StartVmInput,
  StartVmPayload,
  StopVmInput,
  StopVmPayload,
  SuspendVmInput,
  SuspendVmPayload,
} from './vm-input.type';
import { VmOperationService } from './vm-operation.service';
import { VmService } from './vm.service';
import type { VmAndTask } from './vm.service';
import { toVmType } from './vm.type';

async function answer(work: Promise<VmAndTask>): Promise<CreateVmPayload> {
  const { vm, task } = await work;
  return { vm: toVmType(vm), task: toTaskType(task) };
}

@Resolver()
export class VmMutationResolver {
  constructor(
    private readonly vms: VmService,
    private readonly operations: VmOperationService,
  ) {}

  @Mutation(() => CreateVmPayload, {
    description:
      'Creates a VM from a template. Answers at once; the task does the work and shows its progress. For operators.',
  })
  createVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateVmInput, { description: 'The VM to create.' }) input: CreateVmInput,
  ): Promise<CreateVmPayload> {
    const request = {
      tenantId: input.tenantId ?? null,
      name: input.name,
      templateId: input.templateId,
      backend: input.backend ?? null,
      cpuCount: input.cpuCount,
      memoryMib: input.memoryMib,
      diskGib: input.diskGib ?? null,
      networkIds: input.networkIds ?? [],
      userData: input.userData ?? null,
      sshKeys: input.sshKeys ?? [],
      labels: (input.labels ?? []).map(({ name, value }) => ({ name, value })),
      powerOn: input.powerOn,
      idempotencyKey: input.idempotencyKey ?? null,
    };
    return answer(this.vms.create(requireScope(context), request));
  }

  @Mutation(() => StartVmPayload, {
    description: 'Powers a VM on; a suspended one is resumed. For operators.',
  })
  startVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => StartVmInput, { description: 'Which VM.' }) input: StartVmInput,
  ): Promise<StartVmPayload> {
    return answer(this.operations.start(requireScope(context), input));
  }

  @Mutation(() => StopVmPayload, {
    description: 'Asks a VM’s guest to shut down, or powers it off at once. For operators.',
  })
  stopVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => StopVmInput, { description: 'Which VM, and how.' }) input: StopVmInput,
  ): Promise<StopVmPayload> {
    return answer(this.operations.stop(requireScope(context), input));
  }

  @Mutation(() => RebootVmPayload, { description: 'Restarts a VM’s guest. For operators.' })
  rebootVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => RebootVmInput, { description: 'Which VM, and how.' }) input: RebootVmInput,
  ): Promise<RebootVmPayload> {
    return answer(this.operations.reboot(requireScope(context), input));
  }

  @Mutation(() => SuspendVmPayload, {
    description: 'Saves a running VM’s memory and stops it. For operators.',
  })
  suspendVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => SuspendVmInput, { description: 'Which VM.' }) input: SuspendVmInput,
  ): Promise<SuspendVmPayload> {
    return answer(this.operations.suspend(requireScope(context), input));
  }

  @Mutation(() => ResumeVmPayload, {
    description: 'Brings a suspended VM back to where it was. For operators.',
  })
  resumeVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => ResumeVmInput, { description: 'Which VM.' }) input: ResumeVmInput,
  ): Promise<ResumeVmPayload> {
    return answer(this.operations.resume(requireScope(context), input));
  }

  @Mutation(() => ResizeVmPayload, {
    description:
      'Changes a VM’s processors or memory, or grows its disk. Where its backend needs the VM stopped for it, a running ' +
      'one is refused with FAILED_PRECONDITION and `details.reason` NEEDS_STOP unless `allowRestart`. For operators.',
  })
  resizeVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => ResizeVmInput, { description: 'Which VM, and to what.' }) input: ResizeVmInput,
  ): Promise<ResizeVmPayload> {
    const request = {
      id: input.id,
      cpuCount: input.cpuCount ?? null,
      memoryMib: input.memoryMib ?? null,
      diskGib: input.diskGib ?? null,
      allowRestart: input.allowRestart,
      idempotencyKey: input.idempotencyKey ?? null,
    };
    return answer(this.operations.resize(requireScope(context), request));
  }

  @Mutation(() => DeleteVmPayload, {
    description: 'Removes a VM, running or not, with all its disks. For operators.',
  })
  deleteVm(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeleteVmInput, { description: 'Which VM.' }) input: DeleteVmInput,
  ): Promise<DeleteVmPayload> {
    return answer(this.operations.delete(requireScope(context), input));
  }
}
