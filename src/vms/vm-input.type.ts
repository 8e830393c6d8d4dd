import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MutationInput, PageArgs } from '../graphql';
import { TaskType } from '../tasks';
import type { VmStatus } from './vm';
import { VmStatusEnum, VmType } from './vm.type';

@InputType({ description: 'A name and a value to put on an object.' })
export class LabelInput {
  @Field(() => String, {
    description: '1 to 63 letters, digits, dots, slashes, hyphens or underscores; each name once.',
  })
  name!: string;

  @Field(() => String, { description: 'At most 255 printable characters.' })
  value!: string;
}

@InputType({ description: 'The VM to create.' })
export class CreateVmInput extends MutationInput {
  @Field(() => ID, { nullable: true, description: 'Its tenant; the caller’s own when absent.' })
  tenantId?: string | null;

  @Field(() => String, {
    description:
      'Its name: 1 to 63 letters, digits, dots, hyphens or underscores, unique among the tenant’s VMs. The guest’s host ' +
      'name is made from it.',
  })
  name!: string;

  @Field(() => ID, { description: 'The template to make it from.' })
  templateId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name or id of the backend; chosen by policy when absent.',
  })
  backend?: string | null;

  @Field(() => Int, { defaultValue: 1, description: 'Virtual CPUs, 1 to 512.' })
  cpuCount!: number;

  @Field(() => Int, { defaultValue: 1024, description: 'Memory in MiB, 64 to 16777216.' })
  memoryMib!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Size of the first disk in GiB, from the template’s smallest to 65536; the smallest when absent.',
  })
  diskGib?: number | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Its networks, one card each in this order; at most 8, all on its backend.',
  })
  networkIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'cloud-init user data, at most 32 KiB. Never shown again, and forgotten once the VM is made.',
  })
  userData?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Public keys in OpenSSH’s one-line form for the guest’s default user; at most 32.',
  })
  sshKeys?: string[] | null;

  @Field(() => [LabelInput], { nullable: true, description: 'Labels to put on it; at most 64.' })
  labels?: LabelInput[] | null;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it is to run once it is made.' })
  powerOn!: boolean;
}

@InputType({ description: 'Which VM.' })
class VmIdInput extends MutationInput {
  @Field(() => ID, { description: 'The VM’s id.' })
  id!: string;
}

@InputType({ description: 'Which VM to start.' })
export class StartVmInput extends VmIdInput {}

@InputType({ description: 'Which VM to stop, and how.' })
export class StopVmInput extends VmIdInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Powers it off at once instead of asking its guest to shut down. Unsaved data is lost.',
  })
  force!: boolean;
}

@InputType({ description: 'Which VM to reboot, and how.' })
export class RebootVmInput extends VmIdInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Resets it at once instead of asking its guest to restart. Unsaved data is lost.',
  })
  force!: boolean;
}

@InputType({ description: 'Which VM to suspend.' })
export class SuspendVmInput extends VmIdInput {}

@InputType({ description: 'Which VM to resume.' })
export class ResumeVmInput extends VmIdInput {}

@InputType({ description: 'Which VM to resize, and to what. What is absent stays.' })
export class ResizeVmInput extends VmIdInput {
  @Field(() => Int, { nullable: true, description: 'Virtual CPUs, 1 to 512.' })
  cpuCount?: number | null;

  @Field(() => Int, { nullable: true, description: 'Memory in MiB, 64 to 16777216.' })
  memoryMib?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the first disk in GiB; a disk only grows.',
  })
  diskGib?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether a running VM may be shut down and started again where its backend needs that; otherwise the request is ' +
      'refused with FAILED_PRECONDITION and `details.reason` NEEDS_STOP.',
  })
  allowRestart!: boolean;
}

@InputType({ description: 'Which VM to delete.' })
export class DeleteVmInput extends VmIdInput {}

@ObjectType({ description: 'A VM and the task that works on it.' })
abstract class VmPayload {
  @Field(() => VmType, { description: 'The VM as it is now.' })
  vm!: VmType;

  @Field(() => TaskType, { description: 'The task; follow it with the subscription `taskEvents`.' })
  task!: TaskType;
}

@ObjectType({ description: 'The answer to `createVm`.' })
export class CreateVmPayload extends VmPayload {}
@ObjectType({ description: 'The answer to `startVm`.' })
export class StartVmPayload extends VmPayload {}
@ObjectType({ description: 'The answer to `stopVm`.' })
export class StopVmPayload extends VmPayload {}
@ObjectType({ description: 'The answer to `rebootVm`.' })
export class RebootVmPayload extends VmPayload {}
@ObjectType({ description: 'The answer to `suspendVm`.' })
export class SuspendVmPayload extends VmPayload {}
@ObjectType({ description: 'The answer to `resumeVm`.' })
export class ResumeVmPayload extends VmPayload {}
@ObjectType({ description: 'The answer to `resizeVm`.' })
export class ResizeVmPayload extends VmPayload {}
@ObjectType({ description: 'The answer to `deleteVm`.' })
export class DeleteVmPayload extends VmPayload {}

@InputType({ description: 'A label to look for.' })
export class LabelFilter {
  @Field(() => String, { description: 'The label’s name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Its value; any when absent.' })
  value?: string | null;
}

@InputType({ description: 'Which VMs; every condition given has to hold.' })
export class VmFilter {
  @Field(() => String, { nullable: true, description: 'Only VMs of exactly this name.' })
  name?: string | null;

  @Field(() => [VmStatusEnum], {
    nullable: true,
    description: 'Only VMs in one of these states; all but DELETED when absent.',
  })
  status?: VmStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Only VMs on the backend with this name or id.' })
  backend?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only VMs of this tenant.' })
  tenantId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only VMs made from this template.' })
  templateId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only VMs with a card on this network.' })
  networkId?: string | null;

  @Field(() => LabelFilter, { nullable: true, description: 'Only VMs with this label.' })
  label?: LabelFilter | null;
}

const VmOrderFieldEnum = { CREATED_AT: 'CREATED_AT', NAME: 'NAME' } as const;
registerEnumType(VmOrderFieldEnum, {
  name: 'VmOrderField',
  description: 'What VMs can be ordered by.',
  valuesConfig: {
    CREATED_AT: { description: 'When they were asked for.' },
    NAME: { description: 'Their name, by its characters’ codes.' },
  },
});

const OrderDirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(OrderDirectionEnum, {
  name: 'OrderDirection',
  description: 'Which end comes first.',
  valuesConfig: {
    ASC: { description: 'The smallest or oldest first.' },
    DESC: { description: 'The largest or newest first.' },
  },
});

@InputType({ description: 'The order of VMs.' })
export class VmOrder {
  @Field(() => VmOrderFieldEnum, { defaultValue: 'CREATED_AT', description: 'By what.' })
  field!: keyof typeof VmOrderFieldEnum;

  @Field(() => OrderDirectionEnum, { defaultValue: 'ASC', description: 'Which end comes first.' })
  direction!: keyof typeof OrderDirectionEnum;
}

@ArgsType()
export class VmsArgs extends PageArgs {
  @Field(() => VmFilter, { nullable: true, description: 'Which VMs; all that are not deleted when absent.' })
  filter?: VmFilter | null;

  @Field(() => VmOrder, { nullable: true, description: 'Their order; oldest first when absent.' })
  orderBy?: VmOrder | null;
}
