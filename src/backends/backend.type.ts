import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf, Node, toDate } from '../graphql';
import { NETWORK_MODES } from '../providers/contract';
import type { Capabilities, NetworkMode, ResizeSupport } from '../providers/contract';
import { BACKEND_LOCATIONS, BACKEND_STATUSES } from './backend';
import type { Backend, BackendHealth, BackendLocation, BackendStatus } from './backend';

const BackendLocationEnum = enumOf(BACKEND_LOCATIONS);
registerEnumType(BackendLocationEnum, {
  name: 'BackendLocation',
  description: 'Where a backend stands.',
  valuesConfig: {
    INTERNAL: { description: 'Run by the service provider itself.' },
    EXTERNAL: { description: 'Rented from somebody else.' },
  },
});

const BackendStatusEnum = enumOf(BACKEND_STATUSES);
registerEnumType(BackendStatusEnum, {
  name: 'BackendStatus',
  description: 'Whether a backend can be reached. New values may be added.',
  valuesConfig: {
    ONLINE: { description: 'It answered when last asked.' },
    OFFLINE: { description: 'It did not answer when last asked.' },
    UNKNOWN: { description: 'It has not been asked yet.' },
    RETIRED: { description: 'It is no longer configured.' },
  },
});

export const NetworkModeEnum = enumOf(NETWORK_MODES);
registerEnumType(NetworkModeEnum, {
  name: 'NetworkMode',
  description: 'How a network reaches what is outside of it. New values may be added.',
  valuesConfig: {
    ISOLATED: { description: 'Not at all: its members see only each other.' },
    NAT: { description: 'Outwards only, with translated addresses.' },
    BRIDGED: { description: 'Its members sit on a segment of the provider’s own network.' },
    ROUTED: { description: 'Both ways by routing, with untranslated addresses.' },
  },
});

const ResizeSupportEnum = enumOf<ResizeSupport>(['ANY_STATE', 'WHEN_STOPPED', 'NEVER']);
registerEnumType(ResizeSupportEnum, {
  name: 'ResizeSupport',
  description: 'When a size can be changed.',
  valuesConfig: {
    ANY_STATE: { description: 'While the VM runs, too.' },
    WHEN_STOPPED: { description: 'Only while the VM is stopped.' },
    NEVER: { description: 'Not on this backend.' },
  },
});

@ObjectType({ description: 'What a backend can do.' })
export class BackendCapabilities {
  @Field(() => Boolean, { description: 'Whether a guest can be asked to shut down.' })
  gracefulStop!: boolean;

  @Field(() => Boolean, { description: 'Whether VMs can be rebooted.' })
  reboot!: boolean;

  @Field(() => Boolean, { description: 'Whether VMs can be suspended and resumed.' })
  suspend!: boolean;

  @Field(() => ResizeSupportEnum, { description: 'When the number of virtual CPUs can be changed.' })
  resizeCpu!: ResizeSupport;

  @Field(() => ResizeSupportEnum, { description: 'When the memory can be changed.' })
  resizeMemory!: ResizeSupport;

  @Field(() => ResizeSupportEnum, { description: 'When the disk can be grown.' })
  resizeDisk!: ResizeSupport;

  @Field(() => Boolean, { description: 'Whether `userData` and `sshKeys` reach the guest.' })
  guestCustomization!: boolean;

  @Field(() => Boolean, { description: 'Whether the text of the first serial port can be read.' })
  consoleLog!: boolean;

  @Field(() => [NetworkModeEnum], { description: 'The modes in which networks can be created.' })
  networkModes!: readonly NetworkMode[];
}

@ObjectType({ description: 'How large a backend is. Null where it does not tell.' })
export class BackendCapacity {
  @Field(() => Int, { nullable: true, description: 'Processors.' })
  cpuCount!: number | null;

  @Field(() => Int, { nullable: true, description: 'Memory in MiB.' })
  memoryMib!: number | null;

  @Field(() => Int, { nullable: true, description: 'Memory not in use, in MiB.' })
  freeMemoryMib!: number | null;

  @Field(() => Int, { nullable: true, description: 'Storage in GiB.' })
  storageGib!: number | null;

  @Field(() => Int, { nullable: true, description: 'Storage not in use, in GiB.' })
  freeStorageGib!: number | null;
}

@ObjectType('Backend', {
  implements: Node,
  description: 'One configured connection to a hypervisor or a cloud.',
})
export class BackendType extends Node {
  @Field(() => String, { description: 'Its name, as inputs may call it.' })
  name!: string;

  @Field(() => String, { description: 'The kind of its provider, for example `libvirt`.' })
  kind!: string;

  @Field(() => BackendLocationEnum, { description: 'Where it stands.' })
  location!: BackendLocation;

  @Field(() => BackendStatusEnum, { description: 'Whether it could be reached when last asked.' })
  status!: BackendStatus;

  @Field(() => Date, { nullable: true, description: 'When it was last asked.' })
  checkedAt!: Date | null;

  @Field(() => BackendCapabilities, {
    nullable: true,
    description: 'What it can do; null once it is retired.',
  })
  capabilities!: BackendCapabilities | null;

  /** For the field resolvers; no fields of the API. */
  probe!: BackendHealth['probe'];
}

function toCapabilities(capabilities: Capabilities): BackendCapabilities {
  const { vm, network } = capabilities;
  return {
    gracefulStop: vm.gracefulStop,
    reboot: vm.reboot,
    suspend: vm.suspend,
    resizeCpu: vm.resize.cpu,
    resizeMemory: vm.resize.memory,
    resizeDisk: vm.resize.disk,
    guestCustomization: vm.guestCustomization,
    consoleLog: vm.consoleLog,
    networkModes: network.modes,
  };
}

export function toBackendType(
  backend: Backend,
  health: BackendHealth,
  capabilities: Capabilities | null,
): BackendType {
  return {
    ...backend,
    status: health.status,
    checkedAt: toDate(health.checkedAt),
    capabilities: capabilities && toCapabilities(capabilities),
    probe: health.probe,
  };
}
