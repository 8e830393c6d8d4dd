import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../graphql';
import { TaskType } from '../tasks';
import { tenantLoader } from './tenant.loader';
import { TenantService } from './tenant.service';
import { TenantType, toTenantType } from './tenant.type';

/** Stands here because tasks know no other noun. */
@Resolver(() => TaskType)
export class TaskTenantResolver {
  constructor(private readonly tenants: TenantService) {}

  @FieldResolver(() => TenantType, {
    nullable: true,
    description: 'The tenant on whose behalf it runs; null for the installation’s own tasks.',
  })
  async tenant(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<TenantType | null> {
    if (task.tenantId === null) return null;
    const tenant = await tenantLoader(context, this.tenants.store).load(task.tenantId);
    return tenant && toTenantType(tenant);
  }
}
