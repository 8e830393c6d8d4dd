import { backendTable } from './backends';
import type { Table } from './database';
import { dutyTable } from './duties';
import { outboxHeadTable, outboxTable } from './events';
import { idempotencyTable } from './idempotency';
import { installationTable } from './installation';
import { networkTable } from './networks';
import { taskStepTable, taskTable } from './tasks';
import { realizationTable, templateTable } from './templates';
import { apiTokenTable, tenantTable } from './tenants';
import { vmGuestConfigTable, vmLabelTable, vmNicTable, vmTable } from './vms';

/** Every table of the product, for the one DataSource. */
export const TABLES: Table[] = [
  installationTable,
  tenantTable,
  apiTokenTable,
  backendTable,
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
] as Table[];
