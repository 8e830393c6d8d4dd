import type { BackendDirectory } from '../backends';
import type { Session } from '../database';
import { idempotentRequest } from '../idempotency';
import type { IdempotencyStore, Keyed } from '../idempotency';
import { invalidArgument } from '../kernel';
import type { TenantScope } from '../kernel';
import type { TenantService } from '../tenants';
import { eachResource, NOTHING, RESOURCES } from './amounts';
import { UNLIMITED } from './quota';
import type { Limits, Quota } from './quota';
import type { QuotaStore } from './quota.store';
import type { QuotaKey } from './reservation';

/** The largest number that the API's Int holds. */
const MOST = 2_147_483_647;

export interface SetQuota extends Keyed {
  readonly tenantId: string;
  /** Name or id. */
  readonly backend: string;
  /** What is absent stays as it is; null is no limit. */
  readonly limits: Partial<Limits>;
}

export interface QuotaServices {
  readonly store: QuotaStore;
  readonly tenants: TenantService;
  readonly backends: BackendDirectory;
  readonly idempotency: IdempotencyStore;
}

export class QuotaService {
  constructor(private readonly services: QuotaServices) {}

  get store(): QuotaStore {
    return this.services.store;
  }

  /**
   * Changes what a tenant may take of a backend. Limits below what is taken already are accepted: nothing is taken
   * away, and nothing more is given.
   * @throws PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT
   */
  async set(scope: TenantScope, input: SetQuota): Promise<Quota> {
    scope.requireAdministrator();
    const { store, tenants, backends, idempotency } = this.services;
    const { limits, idempotencyKey } = input;
    const { id: tenantId } = await tenants.get(scope, input.tenantId, 'input.tenantId');
    const key = { tenantId, backendId: backends.resolveId(input.backend, 'input.backend') };
    for (const resource of RESOURCES) requireLimit(resource, limits[resource] ?? null);
    // As pairs: among the fields of an object, one that is null would count as absent.
    const { backendId } = key;
    const described = { backendId, limits: Object.entries(limits), idempotencyKey: idempotencyKey ?? null };
    const request = idempotentRequest('setQuota', tenantId, described);
    await idempotency.once(request, async (session) => {
      await this.change(session, key, limits);
      return key;
    });
    const quotas = await store.ofTenants(store.database.reader, scope, [tenantId]);
    return quotas.find((quota) => quota.backendId === backendId) ?? nothingOf(key);
  }

  private async change(session: Session, key: QuotaKey, limits: Partial<Limits>): Promise<void> {
    const quota = await this.store.lock(session, key);
    const changed = eachResource((resource) => {
      const limit = limits[resource];
      return limit === undefined ? quota.limits[resource] : limit;
    });
    await this.store.write(session, quota, { limits: changed });
  }

  /**
   * A tenant's quotas by the names of the backends: of all that are configured, also where nothing is limited, and of
   * those of old where something is recorded.
   * @param recorded the tenant's, as the store has them
   */
  complete(tenantId: string, recorded: readonly Quota[]): Quota[] {
    const { backends } = this.services;
    return backends.all().flatMap(({ id: backendId }) => {
      const known = recorded.find((quota) => quota.backendId === backendId);
      if (known) return [known];
      if (backends.healthOf(backendId).status === 'RETIRED') return [];
      return [nothingOf({ tenantId, backendId })];
    });
  }
}

function nothingOf(key: QuotaKey): Quota {
  return { ...key, limits: UNLIMITED, used: NOTHING, held: NOTHING };
}

function requireLimit(field: string, limit: number | null): void {
  if (limit === null || (Number.isInteger(limit) && limit >= 0 && limit <= MOST)) return;
  throw invalidArgument(`input.${field}`, `must be from 0 to ${String(MOST)}, or null for no limit.`);
}
