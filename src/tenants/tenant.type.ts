import { Field, ObjectType } from 'type-graphql';
import { connectionType, Node, toDate } from '../graphql';
import type { Tenant } from './tenant';

@ObjectType('Tenant', {
  implements: Node,
  description: 'An organisation that owns VMs, networks, templates and tasks, and never sees another one.',
})
export class TenantType extends Node {
  @Field(() => String, { description: 'Its short name, unique in the installation.' })
  slug!: string;

  @Field(() => String, { description: 'Its name for people.' })
  name!: string;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;
}

export const TenantConnection = connectionType('Tenant', () => TenantType);

export function toTenantType(tenant: Tenant): TenantType {
  return { id: tenant.id, slug: tenant.slug, name: tenant.name, createdAt: toDate(tenant.createdAt) };
}
