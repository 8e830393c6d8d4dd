import { Arg, Args, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { idConnection, MutationInput, PageArgs, requireScope } from '../graphql';
import type { Connection, RequestContext } from '../graphql';
import { invalidArgument } from '../kernel';
import { tenantLoader } from './tenant.loader';
import { TenantService } from './tenant.service';
import { TenantConnection, TenantType, toTenantType } from './tenant.type';

@InputType({ description: 'The tenant to create.' })
class CreateTenantInput extends MutationInput {
  @Field(() => String, {
    description:
      'Its short name: 1 to 32 of a to z, 0 to 9 and hyphen, beginning with a letter, unique in the installation.',
  })
  slug!: string;

  @Field(() => String, { description: 'Its name for people: 1 to 100 printable characters.' })
  name!: string;
}

@ObjectType({ description: 'The answer to `createTenant`.' })
class CreateTenantPayload {
  @Field(() => TenantType, { description: 'The new tenant.' })
  tenant!: TenantType;
}

@Resolver(() => TenantType)
export class TenantResolver {
  constructor(private readonly tenants: TenantService) {}

  @Query(() => TenantConnection, {
    name: 'tenants',
    description: 'Tenants, oldest first: all for an administrator, the own one for anybody else.',
  })
  async tenantsPage(@Ctx() context: RequestContext, @Args() args: PageArgs): Promise<Connection<TenantType>> {
    const scope = requireScope(context);
    const { store } = this.tenants;
    const { reader } = store.database;
    return idConnection(args, {
      list: (page) => store.list(reader, scope, page),
      count: () => store.count(reader, scope),
      toNode: toTenantType,
    });
  }

  @Query(() => TenantType, {
    nullable: true,
    description: 'One tenant, by its id or by its slug; null when there is none that the caller may see.',
  })
  async tenant(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { nullable: true, description: 'The tenant’s id.' }) id: string | null,
    @Arg('slug', () => String, { nullable: true, description: 'The tenant’s slug, instead of its id.' })
    slug: string | null,
  ): Promise<TenantType | null> {
    const scope = requireScope(context);
    const { store } = this.tenants;
    if ((id ?? null) !== null && (slug ?? null) !== null) {
      throw invalidArgument('slug', 'cannot be combined with id.');
    }
    if (id) return this.byId(context, id);
    if (!slug) throw invalidArgument('id', 'give the id or the slug.');
    const tenant = await store.findBySlug(store.database.reader, scope, slug);
    return tenant && toTenantType(tenant);
  }

  private async byId(context: RequestContext, id: string): Promise<TenantType | null> {
    const tenant = await tenantLoader(context, this.tenants.store).load(id);
    return tenant && toTenantType(tenant);
  }

  @Mutation(() => CreateTenantPayload, {
    description: 'Creates a tenant. For administrators. ALREADY_EXISTS when the slug is in use.',
  })
  async createTenant(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateTenantInput, { description: 'The tenant to create.' }) input: CreateTenantInput,
  ): Promise<CreateTenantPayload> {
    return { tenant: toTenantType(await this.tenants.create(requireScope(context), input)) };
  }
}
