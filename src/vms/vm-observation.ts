import type { QuotaLedger } from '../allocations';
import type { Session } from '../database';
import { isName, TenantScope } from '../kernel';
import type { NetworkStore } from '../networks';
import type { VmObservation } from '../providers/contract';
import type { Vm } from './vm';
import { amountsOfVm, claimantOf } from './vm-quota';
import type { VmStore } from './vm.store';

export interface ObservationServices {
  readonly quotas: QuotaLedger;
  readonly store: VmStore;
  readonly networks: NetworkStore;
}

/** The columns that a backend knows better than we do. */
function observedColumns(observed: VmObservation): Partial<Vm> {
  const { externalId, powerState, cpuCount, memoryMib, diskGib } = observed;
  return { externalId, powerState, cpuCount, memoryMib, diskGib };
}

function differs(vm: Vm, patch: Partial<Vm>): boolean {
  return Object.entries(patch).some(([column, value]) => vm[column as keyof Vm] !== value);
}

/**
 * Follows a name that was given behind our back; true when that changed something. One that our rules refuse, or that
 * another VM of the tenant has, is left to the backend: the next observation tries again.
 */
async function recordName(
  services: ObservationServices,
  session: Session,
  vm: Vm,
  name: string,
): Promise<boolean> {
  // While it is being made, its name is the one that was asked for.
  if (vm.lifecycle === 'PROVISIONING' || name === vm.name || !isName(name)) return false;
  return services.store.rename(session, vm, name);
}

/** Brings the VM's cards up to what was observed; true when that changed something. */
async function recordNics(
  services: ObservationServices,
  session: Session,
  vmId: string,
  observed: VmObservation,
): Promise<boolean> {
  const nics = await services.store.nicsOf(session, [vmId]);
  if (nics.length === 0) return false;
  const ids = nics.map(({ networkId }) => networkId);
  const networks = await services.networks.findMany(session, TenantScope.system(), ids);
  let changed = false;
  for (const nic of nics) {
    const externalId = networks.find(({ id }) => id === nic.networkId)?.externalId;
    const seen = observed.nics.find((one) => one.networkExternalId === externalId);
    if (!seen) continue;
    const same = nic.macAddress === seen.macAddress && nic.ipAddresses.join() === seen.ipAddresses.join();
    if (same) continue;
    const { macAddress, ipAddresses } = seen;
    await services.store.updateNic(session, nic, { macAddress, ipAddresses });
    changed = true;
  }
  return changed;
}

/**
 * The quota follows the actual sizes: a catalog rounds up, and an administrator of the backend changes them. One that
 * was taken for gone uses something again when it is seen.
 */
async function recordUse(
  { quotas }: ObservationServices,
  session: Session,
  vm: Vm,
  { cpuCount, memoryMib, diskGib }: VmObservation,
): Promise<void> {
  const size = { cpuCount, memoryMib, diskGib };
  const isNew = vm.externalId === null && vm.lifecycle !== 'PROVISIONING';
  if (!isNew && !differs(vm, size)) return;
  await quotas.follow(session, claimantOf(vm), vm.createTaskId, amountsOfVm(size));
}

/** Writes what a backend said of a VM, with an event if that is news. An older observation than the last is ignored. */
export async function recordObservation(
  services: ObservationServices,
  session: Session,
  vmId: string,
  observed: VmObservation,
): Promise<void> {
  const vm = await services.store.lock(session, TenantScope.system(), vmId);
  if (!vm || vm.lifecycle === 'DELETED') return;
  if (vm.observedAt !== null && observed.observedAt < vm.observedAt) return;
  const columns = observedColumns(observed);
  const nicsChanged = await recordNics(services, session, vmId, observed);
  const nameChanged = await recordName(services, session, vm, observed.name);
  if (!nicsChanged && !nameChanged && !differs(vm, columns)) {
    await services.store.touch(session, vmId, observed.observedAt);
    return;
  }
  await services.store.update(session, vmId, { ...columns, observedAt: observed.observedAt });
  await recordUse(services, session, vm, observed);
}

/**
 * A VM that vanished behind our back: its state is unknown, unless we are deleting it ourselves. Should it come back, the
 * next observation says so. False when nothing was to be changed.
 */
export async function recordGone(store: VmStore, session: Session, vmId: string): Promise<boolean> {
  const vm = await store.lock(session, TenantScope.system(), vmId);
  if (vm?.lifecycle !== 'ACTIVE' || vm.powerState === 'UNKNOWN') return false;
  await store.update(session, vmId, { powerState: 'UNKNOWN' });
  return true;
}
