import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { BackendType } from '../backends';
import { requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import { ReconciliationService } from './reconciliation.service';
import { Reconciliation, toReconciliation } from './reconciliation.type';

/** Stands here because backends must not know of what they hold. */
@Resolver(() => BackendType)
export class ReconciliationResolver {
  constructor(private readonly service: ReconciliationService) {}

  @FieldResolver(() => Reconciliation, {
    nullable: true,
    description: 'How it differs from the database; null for anybody but an administrator.',
  })
  async reconciliation(
    @Root() backend: BackendType,
    @Ctx() context: RequestContext,
  ): Promise<Reconciliation | null> {
    const summary = await this.service.summary(requireScope(context), backend.id);
    return summary && toReconciliation(summary);
  }
}
