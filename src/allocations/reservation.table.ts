import { EntitySchema } from 'typeorm';
import { idColumn, intColumn, textColumn } from '../database';
import type { ReservationState } from './reservation';

export interface ReservationRow {
  holderId: string;
  objectId: string;
  tenantId: string;
  backendId: string;
  state: ReservationState;
  vms: number;
  cpuCount: number;
  memoryMib: number;
  storageGib: number;
  networks: number;
}

export const reservationTable = new EntitySchema<ReservationRow>({
  name: 'Reservation',
  tableName: 'reservation',
  columns: {
    holderId: idColumn('holder_id', { primary: true }),
    objectId: idColumn('object_id'),
    tenantId: idColumn('tenant_id'),
    backendId: idColumn('backend_id'),
    state: textColumn('state', 16),
    vms: intColumn('vms'),
    cpuCount: intColumn('cpu_count'),
    memoryMib: intColumn('memory_mib'),
    storageGib: intColumn('storage_gib'),
    networks: intColumn('networks'),
  },
  indices: [
    { name: 'reservation_object', columns: ['objectId'] },
    { name: 'reservation_quota', columns: ['tenantId', 'backendId'] },
  ],
});
