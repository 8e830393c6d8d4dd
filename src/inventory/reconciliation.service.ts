import type { TenantScope } from '../kernel';
import type { ReconciliationSummary } from './sighting';
import type { SightingStore } from './sighting.store';

export class ReconciliationService {
  constructor(private readonly sightings: SightingStore) {}

  /** How a backend and the database differed when they were last compared; null for anybody but an administrator. */
  async summary(scope: TenantScope, backendId: string): Promise<ReconciliationSummary | null> {
    if (!scope.isAdministrator) return null;
    return this.sightings.summary(this.sightings.database.reader, backendId);
  }
}
