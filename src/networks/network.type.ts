import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { NetworkModeEnum } from '../backends';
import { connectionType, enumOf, MutationInput, Node, toDate } from '../graphql';
import type { NetworkMode } from '../providers/contract';
import { TaskType } from '../tasks';
import { NETWORK_STATUSES } from './network';
import type { Network, NetworkStatus } from './network';

const NetworkStatusEnum = enumOf(NETWORK_STATUSES);
registerEnumType(NetworkStatusEnum, {
  name: 'NetworkStatus',
  description: 'How far a network’s life is. New values may be added.',
  valuesConfig: {
    PROVISIONING: { description: 'It is being made.' },
    ACTIVE: { description: 'It can be used.' },
    ERROR: { description: 'Its creation or its deletion failed; it can only be deleted.' },
    DELETING: { description: 'It is being deleted.' },
    DELETED: { description: 'It is gone; kept as a record.' },
  },
});

@ObjectType('Network', {
  implements: Node,
  description: 'A tenant’s layer-2 segment with an address range on a backend.',
})
export class NetworkType extends Node {
  @Field(() => String, { description: 'Its name, unique within the tenant.' })
  name!: string;

  @Field(() => NetworkModeEnum, { description: 'How it reaches what is outside of it.' })
  mode!: NetworkMode;

  @Field(() => String, {
    description: 'Its IPv4 prefix, for example `10.20.0.0/24`; the first address is the gateway.',
  })
  cidr!: string;

  @Field(() => NetworkStatusEnum, { description: 'How far its life is.' })
  status!: NetworkStatus;

  @Field(() => String, { nullable: true, description: 'The backend’s own id for it; null until it is made.' })
  externalId!: string | null;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was deleted.' })
  deletedAt!: Date | null;

  /** For the field resolvers; no fields of the API. */
  tenantId!: string;
  backendId!: string;
}

export const NetworkConnection = connectionType('Network', () => NetworkType);

@InputType({ description: 'Which networks; every condition given has to hold.' })
export class NetworkFilter {
  @Field(() => String, { nullable: true, description: 'Only networks of exactly this name.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Only networks on the backend with this name or id.' })
  backend?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only networks of this tenant.' })
  tenantId?: string | null;

  @Field(() => [NetworkStatusEnum], {
    nullable: true,
    description: 'Only networks in one of these states; all but DELETED when absent.',
  })
  status?: NetworkStatus[] | null;
}

@InputType({ description: 'The network to create.' })
export class CreateNetworkInput extends MutationInput {
  @Field(() => ID, { nullable: true, description: 'Its tenant; the caller’s own when absent.' })
  tenantId?: string | null;

  @Field(() => String, { description: 'The name or id of the backend to make it on.' })
  backend!: string;

  @Field(() => String, {
    description:
      'Its name: 1 to 63 letters, digits, dots, hyphens or underscores, unique among the tenant’s networks.',
  })
  name!: string;

  @Field(() => String, {
    description:
      'Its IPv4 prefix, for example `10.20.0.0/24`: /8 to /29, no host bits, not overlapping another network’s.',
  })
  cidr!: string;

  @Field(() => NetworkModeEnum, { description: 'How it reaches what is outside of it.' })
  mode!: NetworkMode;
}

@ObjectType({ description: 'The answer to `createNetwork`.' })
export class CreateNetworkPayload {
  @Field(() => NetworkType, { description: 'The network, PROVISIONING at first.' })
  network!: NetworkType;

  @Field(() => TaskType, { description: 'The task that makes it.' })
  task!: TaskType;
}

@InputType({ description: 'Which network to delete.' })
export class DeleteNetworkInput extends MutationInput {
  @Field(() => ID, { description: 'The network’s id.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `deleteNetwork`.' })
export class DeleteNetworkPayload {
  @Field(() => NetworkType, { description: 'The network, DELETING at first.' })
  network!: NetworkType;

  @Field(() => TaskType, { description: 'The task that deletes it.' })
  task!: TaskType;
}

export function toNetworkType(network: Network): NetworkType {
  return {
    id: network.id,
    name: network.name,
    mode: network.mode,
    cidr: network.cidr,
    status: network.status,
    externalId: network.externalId,
    createdAt: toDate(network.createdAt),
    deletedAt: toDate(network.deletedAt),
    tenantId: network.tenantId,
    backendId: network.backendId,
  };
}
