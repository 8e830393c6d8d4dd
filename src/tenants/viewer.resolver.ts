import { Ctx, Field, FieldResolver, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import type { Role } from '../kernel';
import { RoleEnum } from './api-token.type';
import { tenantLoader } from './tenant.loader';
import { TenantService } from './tenant.service';
import { TenantType, toTenantType } from './tenant.type';

const ViewerKindEnum = { ADMINISTRATOR: 'ADMINISTRATOR', MEMBER: 'MEMBER' } as const;
registerEnumType(ViewerKindEnum, {
  name: 'ViewerKind',
  description: 'What kind of caller it is.',
  valuesConfig: {
    ADMINISTRATOR: { description: 'The service provider’s administrator, who sees every tenant.' },
    MEMBER: { description: 'A member of one tenant.' },
  },
});

@ObjectType({ description: 'The caller, as the token tells.' })
class Viewer {
  @Field(() => ViewerKindEnum, { description: 'What kind of caller it is.' })
  kind!: keyof typeof ViewerKindEnum;

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'The role in the tenant; null for an administrator.',
  })
  role!: Role | null;

  @Field(() => String, {
    description: 'How the caller’s doings are recorded: a token’s id or `administrator`.',
  })
  actor!: string;

  /** For the field resolver; no field of the API. */
  tenantId!: string | null;
}

@Resolver(() => Viewer)
export class ViewerResolver {
  constructor(private readonly tenants: TenantService) {}

  @Query(() => Viewer, { description: 'Who is asking.' })
  viewer(@Ctx() context: RequestContext): Viewer {
    const scope = requireScope(context);
    return {
      kind: scope.isAdministrator ? 'ADMINISTRATOR' : 'MEMBER',
      role: scope.role,
      actor: scope.actor,
      tenantId: scope.tenantId,
    };
  }

  @FieldResolver(() => TenantType, {
    nullable: true,
    description: 'The caller’s tenant; null for an administrator.',
  })
  async tenant(@Root() viewer: Viewer, @Ctx() context: RequestContext): Promise<TenantType | null> {
    if (viewer.tenantId === null) return null;
    const tenant = await tenantLoader(context, this.tenants.store).load(viewer.tenantId);
    return tenant && toTenantType(tenant);
  }
}
