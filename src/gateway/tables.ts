import { quotaTable, reservationTable } from '../allocations';
import { backendTable } from '../backends';
import type { Table } from '../database';
import { dutyTable } from '../duties';
import { outboxHeadTable, outboxTable } from '../events';
import { idempotencyTable } from '../idempotency';
import { installationTable } from '../installation';
import { reconciliationTable, sightingTable } from '../inventory';
import { networkTable } from '../networks';
import { taskStepTable, taskTable } from '../tasks';
import { realizationTable, templateTable } from '../templates';
import { apiTokenTable, tenantTable } from '../tenants';
import { vmGuestConfigTable, vmLabelTable, vmNicTable, vmTable } from '../vms';

/** Every table of the product, for the one DataSource. */
export const TABLES: Table[] = [
  installationTable,
  tenantTable,
  apiTokenTable,
  backendTable,
  quotaTable,
  reservationTable,
  templateTable,
  realizationTable,
  networkTable,
  vmTable,
  vmNicTable,
  vmLabelTable,
  vmGuestConfigTable,
  taskTable,
  taskStepTable,
  outboxTable,
  outboxHeadTable,
  idempotencyTable,
  dutyTable,
  sightingTable,
  reconciliationTable,
] as Table[];
