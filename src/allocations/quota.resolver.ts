import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { BackendDirectory, backendType } from '../backends';
import { requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import { TenantType } from '../tenants';
import type { Quota } from './quota';
import { quotasLoader } from './quota.loader';
import { QuotaService } from './quota.service';
import { QuotaType, SetQuotaInput, SetQuotaPayload, toLimits, toQuotaType } from './quota.type';

/** A tenant's quotas stand here, because tenants must not know of them. */
@Resolver(() => TenantType)
export class QuotaResolver {
  constructor(
    private readonly quotas: QuotaService,
    private readonly backends: BackendDirectory,
  ) {}

  @FieldResolver(() => [QuotaType], {
    name: 'quotas',
    description: 'What it may take of each backend, and what it takes; by the backends’ names.',
  })
  async quotasOf(@Root() tenant: TenantType, @Ctx() context: RequestContext): Promise<QuotaType[]> {
    const recorded = await quotasLoader(context, this.quotas.store).load(tenant.id);
    return this.quotas.complete(tenant.id, recorded).map((quota) => this.shown(quota));
  }

  @Mutation(() => SetQuotaPayload, {
    description:
      'Limits what a tenant may take of a backend. Nothing that is there is taken away. For administrators.',
  })
  async setQuota(
    @Ctx() context: RequestContext,
    @Arg('input', () => SetQuotaInput, { description: 'The limits.' }) input: SetQuotaInput,
  ): Promise<SetQuotaPayload> {
    const { tenantId, backend, idempotencyKey = null } = input;
    const request = { tenantId, backend, limits: toLimits(input), idempotencyKey };
    return { quota: this.shown(await this.quotas.set(requireScope(context), request)) };
  }

  private shown(quota: Quota): QuotaType {
    const backend = backendType(this.backends, quota.backendId);
    if (!backend) throw new Error(`The backend ${quota.backendId} of a quota is not recorded.`);
    return toQuotaType(quota, backend);
  }
}
