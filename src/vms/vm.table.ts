import { EntitySchema } from 'typeorm';
import { idColumn, intColumn, jsonColumn, longTextColumn, momentColumn, textColumn } from '../database';
import type { PowerState } from '../providers/contract';
import type { VmLifecycle } from './vm';

export interface VmRow {
  id: string;
  tenantId: string;
  backendId: string;
  templateId: string;
  name: string;
  /** The name while the VM is not deleted, then null: keeps names unique among the living. */
  livingName: string | null;
  lifecycle: VmLifecycle;
  powerState: PowerState;
  cpuCount: number;
  memoryMib: number;
  diskGib: number;
  externalId: string | null;
  createTaskId: string | null;
  observedAt: number | null;
  createdAt: number;
  deletedAt: number | null;
  revision: number;
}

export const vmTable = new EntitySchema<VmRow>({
  name: 'Vm',
  tableName: 'vm',
  columns: {
    id: idColumn('id', { primary: true }),
    tenantId: idColumn('tenant_id'),
    backendId: idColumn('backend_id'),
    templateId: idColumn('template_id'),
    name: textColumn('name', 63),
    livingName: textColumn('living_name', 63, { nullable: true }),
    lifecycle: textColumn('lifecycle', 16),
    powerState: textColumn('power_state', 16),
    cpuCount: intColumn('cpu_count'),
    memoryMib: intColumn('memory_mib'),
    diskGib: intColumn('disk_gib'),
    externalId: textColumn('external_id', 200, { nullable: true }),
    createTaskId: idColumn('create_task_id', { nullable: true }),
    observedAt: momentColumn('observed_at', { nullable: true }),
    createdAt: momentColumn('created_at'),
    deletedAt: momentColumn('deleted_at', { nullable: true }),
    revision: intColumn('revision'),
  },
  indices: [
    { name: 'vm_name', columns: ['tenantId', 'livingName'], unique: true },
    { name: 'vm_tenant', columns: ['tenantId', 'id'] },
    { name: 'vm_backend', columns: ['backendId', 'externalId'] },
  ],
});

export interface VmNicRow {
  vmId: string;
  position: number;
  networkId: string;
  macAddress: string | null;
  ipAddresses: readonly string[];
}

export const vmNicTable = new EntitySchema<VmNicRow>({
  name: 'VmNic',
  tableName: 'vm_nic',
  columns: {
    vmId: idColumn('vm_id', { primary: true }),
    position: intColumn('position', { primary: true }),
    networkId: idColumn('network_id'),
    macAddress: textColumn('mac_address', 17, { nullable: true }),
    ipAddresses: jsonColumn('ip_addresses'),
  },
  indices: [{ name: 'vm_nic_network', columns: ['networkId'] }],
});

export interface VmLabelRow {
  vmId: string;
  name: string;
  value: string;
}

export const vmLabelTable = new EntitySchema<VmLabelRow>({
  name: 'VmLabel',
  tableName: 'vm_label',
  columns: {
    vmId: idColumn('vm_id', { primary: true }),
    name: textColumn('name', 63, { primary: true }),
    value: textColumn('value', 255),
  },
  indices: [{ name: 'vm_label_value', columns: ['name', 'value'] }],
});

/** What the guest is given at its first boot. Secret; kept apart, and only until the VM has been made. */
export interface VmGuestConfigRow {
  vmId: string;
  userData: string | null;
  sshKeys: readonly string[];
}

export const vmGuestConfigTable = new EntitySchema<VmGuestConfigRow>({
  name: 'VmGuestConfig',
  tableName: 'vm_guest_config',
  columns: {
    vmId: idColumn('vm_id', { primary: true }),
    userData: longTextColumn('user_data', { nullable: true }),
    sshKeys: jsonColumn('ssh_keys'),
  },
});
