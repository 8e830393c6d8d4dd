import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType, enumOf, Node, toDate } from '../graphql';
import { POWER_STATES } from '../providers/contract';
import type { PowerState } from '../providers/contract';
import { VM_STATUSES, vmStatus } from './vm';
import type { Vm, VmStatus } from './vm';
import { VM_ACTIONS } from './vm-action';
import type { VmActionName } from './vm-action';

export const VmStatusEnum = enumOf(VM_STATUSES);
registerEnumType(VmStatusEnum, {
  name: 'VmStatus',
  description: 'How a VM is, in one word. What is under way shows in `activeTask`. New values may be added.',
  valuesConfig: {
    PROVISIONING: { description: 'It is being made.' },
    RUNNING: { description: 'It is there and powered on.' },
    STOPPED: { description: 'It is there and powered off.' },
    SUSPENDED: { description: 'Its memory is saved; it can be resumed.' },
    ERROR: { description: 'Its creation or its deletion failed, or its guest crashed.' },
    DELETING: { description: 'It is being deleted.' },
    DELETED: { description: 'It is gone; kept as a record.' },
    UNKNOWN: { description: 'The backend does not know it, or cannot say.' },
  },
});

const PowerStateEnum = enumOf(POWER_STATES);
registerEnumType(PowerStateEnum, {
  name: 'PowerState',
  description: 'The power state that the backend last reported. New values may be added.',
  valuesConfig: {
    POWERED_ON: { description: 'The guest runs.' },
    POWERED_OFF: { description: 'The guest does not run.' },
    SUSPENDED: { description: 'The guest’s memory is saved.' },
    CRASHED: { description: 'The guest or its hypervisor process died.' },
    UNKNOWN: { description: 'Not reported yet, or the backend does not know the VM any more.' },
  },
});

const VmActionNameEnum = enumOf(VM_ACTIONS);
registerEnumType(VmActionNameEnum, {
  name: 'VmActionName',
  description: 'What can be done with a VM. New values may be added.',
  valuesConfig: {
    START: { description: 'Mutation `startVm`.' },
    STOP: { description: 'Mutation `stopVm`.' },
    REBOOT: { description: 'Mutation `rebootVm`.' },
    SUSPEND: { description: 'Mutation `suspendVm`.' },
    RESUME: { description: 'Mutation `resumeVm`.' },
    RESIZE: { description: 'Mutation `resizeVm`.' },
    DELETE: { description: 'Mutation `deleteVm`.' },
  },
});

@ObjectType('Label', { description: 'A name and a value that the tenant put on an object.' })
export class LabelType {
  @Field(() => String, { description: 'The name, unique on its object.' })
  name!: string;

  @Field(() => String, { description: 'The value; may be empty.' })
  value!: string;
}

@ObjectType('VmNetwork', { description: 'A network card of a VM.' })
export class VmNetworkType {
  @Field(() => String, {
    nullable: true,
    description: 'Six octets with colons; null until the backend told.',
  })
  macAddress!: string | null;

  @Field(() => [String], { description: 'Its IPv4 and IPv6 addresses, as far as the backend knows.' })
  ipAddresses!: readonly string[];

  /** For the field resolver; no field of the API. */
  networkId!: string;
}

@ObjectType('VmAction', {
  description:
    'Something that can be done with a VM, and whether it may be done now. What would change nothing is not offered, though asking for it is no error.',
})
export class VmActionType {
  @Field(() => VmActionNameEnum, { description: 'What.' })
  action!: VmActionName;

  @Field(() => Boolean, { description: 'Whether this caller may do it to this VM now.' })
  allowed!: boolean;

  @Field(() => String, { nullable: true, description: 'Why not; null when allowed.' })
  reason!: string | null;
}

@ObjectType('Vm', { implements: Node, description: 'A virtual machine.' })
export class VmType extends Node {
  @Field(() => String, { description: 'Its name, unique within the tenant.' })
  name!: string;

  @Field(() => VmStatusEnum, { description: 'How it is, in one word.' })
  status!: VmStatus;

  @Field(() => PowerStateEnum, { description: 'The power state that its backend last reported.' })
  powerState!: PowerState;

  @Field(() => Int, { description: 'Virtual CPUs.' })
  cpuCount!: number;

  @Field(() => Int, { description: 'Memory in MiB.' })
  memoryMib!: number;

  @Field(() => Int, { description: 'Size of the first disk in GiB.' })
  diskGib!: number;

  @Field(() => String, { nullable: true, description: 'The backend’s own id for it; null until it is made.' })
  externalId!: string | null;

  @Field(() => Date, { nullable: true, description: 'When its backend last told of it: how fresh this is.' })
  observedAt!: Date | null;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was deleted.' })
  deletedAt!: Date | null;

  /** For the field resolvers; no field of the API. */
  vm!: Vm;
}

export const VmConnection = connectionType('Vm', () => VmType);

export function toVmType(vm: Vm): VmType {
  return {
    id: vm.id,
    name: vm.name,
    status: vmStatus(vm),
    powerState: vm.powerState,
    cpuCount: vm.cpuCount,
    memoryMib: vm.memoryMib,
    diskGib: vm.diskGib,
    externalId: vm.externalId,
    observedAt: toDate(vm.observedAt),
    createdAt: toDate(vm.createdAt),
    deletedAt: toDate(vm.deletedAt),
    vm,
  };
}
