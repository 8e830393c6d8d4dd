import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { BackendType } from '../backends';
import { MutationInput } from '../graphql';
import { eachResource } from './amounts';
import type { Amounts } from './amounts';
import type { Limits, Quota } from './quota';

/** Where GraphQL's Int ends: 2 PiB of memory. What goes beyond is shown as this. */
const MOST = 2_147_483_647;

@ObjectType({ description: 'The most that may be taken. Null is no limit; zero is zero.' })
export class QuotaLimits {
  @Field(() => Int, { nullable: true, description: 'Number of VMs.' })
  vms!: number | null;

  @Field(() => Int, { nullable: true, description: 'Virtual CPUs of all VMs.' })
  cpuCount!: number | null;

  @Field(() => Int, { nullable: true, description: 'Memory of all VMs in MiB.' })
  memoryMib!: number | null;

  @Field(() => Int, { nullable: true, description: 'Disks of all VMs in GiB.' })
  storageGib!: number | null;

  @Field(() => Int, { nullable: true, description: 'Number of networks.' })
  networks!: number | null;
}

@ObjectType({ description: 'So much of everything that is counted.' })
export class QuotaAmounts {
  @Field(() => Int, { description: 'Number of VMs.' })
  vms!: number;

  @Field(() => Int, { description: 'Virtual CPUs.' })
  cpuCount!: number;

  @Field(() => Int, { description: 'Memory in MiB.' })
  memoryMib!: number;

  @Field(() => Int, { description: 'Disks in GiB.' })
  storageGib!: number;

  @Field(() => Int, { description: 'Number of networks.' })
  networks!: number;
}

@ObjectType('Quota', { description: 'What a tenant may take of one backend, and what it takes.' })
export class QuotaType {
  @Field(() => BackendType, { description: 'The backend that it is about.' })
  backend!: BackendType;

  @Field(() => QuotaLimits, { description: 'What it may take, running or not.' })
  limits!: QuotaLimits;

  @Field(() => QuotaAmounts, { description: 'What its VMs and networks take, by their actual sizes.' })
  used!: QuotaAmounts;

  @Field(() => QuotaAmounts, {
    description: 'What tasks hold on top of that, from their request to their end.',
  })
  held!: QuotaAmounts;
}

@InputType({ description: 'Whose quota on which backend, and its limits. A limit that is absent stays.' })
export class SetQuotaInput extends MutationInput {
  @Field(() => ID, { description: 'The tenant.' })
  tenantId!: string;

  @Field(() => String, { description: 'The name or id of the backend.' })
  backend!: string;

  @Field(() => Int, { nullable: true, description: 'Number of VMs; null for no limit, as for the others.' })
  vms?: number | null;

  @Field(() => Int, { nullable: true, description: 'Virtual CPUs of all VMs.' })
  cpuCount?: number | null;

  @Field(() => Int, { nullable: true, description: 'Memory of all VMs in MiB.' })
  memoryMib?: number | null;

  @Field(() => Int, { nullable: true, description: 'Disks of all VMs in GiB.' })
  storageGib?: number | null;

  @Field(() => Int, { nullable: true, description: 'Number of networks.' })
  networks?: number | null;
}

@ObjectType({ description: 'The answer to `setQuota`.' })
export class SetQuotaPayload {
  @Field(() => QuotaType, { description: 'The quota as it is now.' })
  quota!: QuotaType;
}

/** The limits that an input names. */
export function toLimits(input: SetQuotaInput): Partial<Limits> {
  const { vms, cpuCount, memoryMib, storageGib, networks } = input;
  const named = Object.entries({ vms, cpuCount, memoryMib, storageGib, networks });
  return Object.fromEntries(named.filter(([, limit]) => limit !== undefined));
}

export function toQuotaType({ limits, used, held }: Quota, backend: BackendType): QuotaType {
  const shown = (amounts: Amounts): QuotaAmounts =>
    eachResource((resource) => Math.max(0, Math.min(amounts[resource], MOST)));
  return { backend, limits, used: shown(used), held: shown(held) };
}
