import type { MoRef, VimStruct } from '../vim/values';
import type { Machine } from './machine';

/**
 * The inventory as the simulator keeps it: plain records that are JSON as they stand. What clients read is projected
 * from them. Records name one another by the value of their reference, which is unique over all types.
 */
export type Id = string;

export interface EntityBase {
  readonly ref: MoRef;
  /** As vSphere stores names: `%`, `/` and `\` escaped. */
  name: string;
  parent: Id | null;
  /** Tasks that are not forgotten yet, the oldest first. */
  recentTasks: Id[];
  /** Values of custom fields by the field's key. */
  customValues: readonly (readonly [key: number, value: string])[];
}

export interface Folder extends EntityBase {
  readonly kind: 'FOLDER';
  readonly childTypes: readonly string[];
  children: Id[];
}

export interface Datacenter extends EntityBase {
  readonly kind: 'DATACENTER';
  readonly vmFolder: Id;
  readonly hostFolder: Id;
  readonly datastoreFolder: Id;
  readonly networkFolder: Id;
}

export interface Cluster extends EntityBase {
  readonly kind: 'CLUSTER';
  readonly rootPool: Id;
  readonly hosts: Id[];
  readonly datastores: Id[];
}

export interface PortGroupOnHost {
  readonly name: string;
  readonly vlanId: number;
  readonly switchName: string;
  readonly network: Id;
}

export interface Host extends EntityBase {
  readonly kind: 'HOST';
  readonly uuid: string;
  readonly cpuPackages: number;
  readonly cpuCores: number;
  readonly cpuThreads: number;
  readonly cpuMhz: number;
  readonly memoryMib: number;
  readonly bootedMs: number;
  readonly networkSystem: Id;
  readonly datastores: Id[];
  readonly switches: readonly string[];
  portGroups: readonly PortGroupOnHost[];
}

/** The object through which the standard port groups of one host are managed. */
export interface HostNetworkSystem extends EntityBase {
  readonly kind: 'HOST_NETWORK';
  readonly host: Id;
}

export interface Allocation {
  readonly reservation: number;
  readonly expandable: boolean;
  /** MHz or MiB; -1 is without a limit. */
  readonly limit: number;
  readonly shares: number;
  readonly level: 'low' | 'normal' | 'high' | 'custom';
}

export interface Pool extends EntityBase {
  readonly kind: 'POOL';
  readonly owner: Id;
  children: Id[];
  cpu: Allocation;
  memory: Allocation;
  changeNumber: number;
  modifiedMs: number;
}

export interface Datastore extends EntityBase {
  readonly kind: 'DATASTORE';
  readonly uuid: string;
  readonly capacityBytes: number;
  /** What files take that belong to no machine any more. */
  leftBytes: number;
  readonly hosts: Id[];
}

/** A standard port group as the datacenter sees it: one network, whichever hosts have it. */
export interface Network extends EntityBase {
  readonly kind: 'NETWORK';
  hosts: Id[];
}

export interface DistributedSwitch extends EntityBase {
  readonly kind: 'SWITCH';
  readonly uuid: string;
  readonly hosts: Id[];
  portGroups: Id[];
  changeNumber: number;
  readonly createdMs: number;
}

export type Vlan = { readonly kind: 'ID'; readonly id: number } | { readonly kind: 'TRUNK' };

export interface DistributedPortGroup extends EntityBase {
  readonly kind: 'PORT_GROUP';
  readonly switchId: Id;
  readonly uplink: boolean;
  vlan: Vlan;
  description: string | null;
  portCount: number;
  binding: 'earlyBinding' | 'lateBinding' | 'ephemeral';
  autoExpand: boolean;
  changeNumber: number;
}

export interface CustomField {
  readonly key: number;
  name: string;
  /** Null: for every type of object. */
  readonly objectType: string | null;
}

/** The objects that are there once: they have no place in the tree. */
export interface Manager extends EntityBase {
  readonly kind: 'MANAGER';
}

/** A task's life: it leaves QUEUED and RUNNING once and for all. */
export interface TaskRecord extends EntityBase {
  readonly kind: 'TASK';
  /** `VirtualMachine.powerOn`, as a client looks it up in the task manager's description. */
  readonly descriptionId: string;
  readonly entity: Id | null;
  readonly entityType: string;
  readonly entityName: string;
  state: 'queued' | 'running' | 'success' | 'error';
  cancelled: boolean;
  readonly cancelable: boolean;
  progress: number;
  result: MoRef | null;
  error: { readonly fault: VimStruct; readonly message: string } | null;
  readonly queuedMs: number;
  startedMs: number | null;
  completedMs: number | null;
  readonly userName: string;
  readonly chainId: number;
  /** Whose `recentTask` names it, beside the task manager's. */
  readonly listedOn: Id[];
}

export interface LeaseRecord extends EntityBase {
  readonly kind: 'LEASE';
  readonly machine: Id;
  state: 'ready' | 'done' | 'error';
  progress: number;
  deadlineMs: number;
}

export type Entity =
  | Folder
  | Datacenter
  | Cluster
  | Host
  | HostNetworkSystem
  | Pool
  | Datastore
  | Network
  | DistributedSwitch
  | DistributedPortGroup
  | Machine
  | Manager
  | TaskRecord
  | LeaseRecord;

export type EntityKind = Entity['kind'];
export type EntityOf<Kind extends EntityKind> = Extract<Entity, { readonly kind: Kind }>;
