export { NetworkInventory } from './network-inventory';
export { Reconciler } from './reconciler';
export type { ReconcilerMetrics } from './reconciler';
export { ReconciliationResolver } from './reconciliation.resolver';
export { ReconciliationService } from './reconciliation.service';
export { SightingStore } from './sighting.store';
export { reconciliationTable, sightingTable } from './sighting.table';
export { VmInventory } from './vm-inventory';
