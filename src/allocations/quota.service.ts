import type { BackendDirectory } from '../backends';
import { invalidArgument } from '../kernel';
import type { TenantScope } from '../kernel';
import type { TenantService } from '../tenants';
import { eachResource, NOTHING, RESOURCES } from './amounts';
import { UNLIMITED } from './quota';
import type { Limits, Quota } from './quota';
import type { QuotaStore } from './quota.store';

/** The largest number that the API's Int holds. */
const MOST = 2_147_483_647;

export interface SetQuota {
  readonly tenantId: string;
  /** Name or id. */
  readonly backend: string;
  /** What is absent stays as it is; null is no limit. */
  readonly limits: Partial<Limits>;
}

export class QuotaService {
  constructor(
    readonly store: QuotaStore,
    private readonly tenants: TenantService,
    private readonly backends: BackendDirectory,
  ) {}

  /**
   * Changes what a tenant may take of a backend. Limits below what is taken already are accepted: nothing is taken
   * away, and nothing more is given.
   * @throws PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT
   */
  async set(scope: TenantScope, { tenantId, backend, limits }: SetQuota): Promise<Quota> {
    scope.requireAdministrator();
    await this.tenants.get(scope, tenantId, 'input.tenantId');
    const backendId = this.backends.resolveId(backend, 'input.backend');
    for (const resource of RESOURCES) requireLimit(resource, limits[resource] ?? null);
    return this.store.database.transaction(async (session) => {
      const quota = await this.store.lock(session, { tenantId, backendId });
      const changed = eachResource((resource) => {
        const limit = limits[resource];
        return limit === undefined ? quota.limits[resource] : limit;
      });
      await this.store.write(session, quota, { limits: changed });
      return { ...quota, limits: changed };
    });
  }

  /**
   * A tenant's quotas by the names of the backends: of all that are configured, also where nothing is limited, and of
   * those of old where something is recorded.
   * @param recorded the tenant's, as the store has them
   */
  complete(tenantId: string, recorded: readonly Quota[]): Quota[] {
    const { backends } = this;
    return backends.all().flatMap(({ id: backendId }) => {
      const known = recorded.find((quota) => quota.backendId === backendId);
      if (known) return [known];
      if (backends.healthOf(backendId).status === 'RETIRED') return [];
      return [{ tenantId, backendId, limits: UNLIMITED, used: NOTHING, held: NOTHING }];
    });
  }
}

function requireLimit(field: string, limit: number | null): void {
  if (limit === null || (Number.isInteger(limit) && limit >= 0 && limit <= MOST)) return;
  throw invalidArgument(`input.${field}`, `must be from 0 to ${String(MOST)}, or null for no limit.`);
}
