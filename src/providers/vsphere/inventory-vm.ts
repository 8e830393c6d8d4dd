import { notFound } from '../../kernel';
import { sameOwner } from '../contract';
import type { CallContext, Marker, VmObservation } from '../contract';
import type { AnyVirtualDevice, MoRef, PropertiesOf } from './client';
import { displayName, instanceUuid } from './identity';
import { diskGibOf, nicsOf } from './map-devices';
import { MARKER_KEY, readOwnership } from './map-marker';
import type { Ownership } from './map-marker';
import { powerStateOf } from './map-power-state';
import { findVmByUuid } from './search-index';
import type { Vcenter } from './vcenter';

/** What changes without the configuration's changing, or tells whether it has changed: a few hundred bytes. */
export const STATE_PATHS = [
  'name',
  'config.changeVersion',
  'config.instanceUuid',
  'config.hardware.numCPU',
  'config.hardware.memoryMB',
  'runtime.powerState',
  'guest.net',
] as const;
/** Kilobytes per VM. */
export const DETAIL_PATHS = ['config.extraConfig', 'config.hardware.device'] as const;

export type VmState = PropertiesOf<'VirtualMachine', (typeof STATE_PATHS)[number]>;
export type VmDetailProperties = PropertiesOf<'VirtualMachine', (typeof DETAIL_PATHS)[number]>;
export type VmMoRef = MoRef<'VirtualMachine'>;

/** What only a change of the configuration changes. */
export interface VmDetails {
  readonly ownership: Ownership | null;
  readonly devices: readonly AnyVirtualDevice[];
}

/** A VM of the inventory, ours or not. */
export interface InventoryVm extends VmDetails {
  readonly ref: VmMoRef;
  readonly state: VmState;
  readonly observedAt: number;
}

export function detailsOf(properties: VmDetailProperties, uuid: string | undefined): VmDetails {
  return {
    ownership: ownershipOf(properties['config.extraConfig'] ?? [], uuid),
    devices: properties['config.hardware.device'] ?? [],
  };
}

/**
 * A clone that somebody made of our VM carries our record too, but vCenter has given it another instance UUID. Of a key
 * that is there twice the last counts.
 */
function ownershipOf(
  extraConfig: readonly { readonly key: string; readonly value?: unknown }[],
  uuid: string | undefined,
): Ownership | null {
  const value = extraConfig.findLast(({ key }) => key === MARKER_KEY)?.value;
  const ownership = readOwnership(typeof value === 'string' ? value : undefined);
  return ownership !== null && instanceUuid(ownership.marker) === uuid?.toLowerCase() ? ownership : null;
}

/** Null when it is not there. */
export async function readVm(
  { client }: Vcenter,
  ref: VmMoRef,
  { signal }: CallContext,
): Promise<InventoryVm | null> {
  const observedAt = Date.now();
  const properties = await client.read(ref, [...STATE_PATHS, ...DETAIL_PATHS], { signal });
  if (properties === null) return null;
  return { ref, state: properties, observedAt, ...detailsOf(properties, properties['config.instanceUuid']) };
}

/** The VM that carries the marker, complete or not; null when there is none. */
export async function findByMarker(
  vcenter: Vcenter,
  marker: Marker,
  context: CallContext,
): Promise<InventoryVm | null> {
  const found = await findVmByUuid(vcenter, instanceUuid(marker), context);
  const vm = found && (await readVm(vcenter, found, context));
  return vm !== null && carries(vm, marker) ? vm : null;
}

export function carries(vm: InventoryVm, marker: Marker): boolean {
  return vm.ownership !== null && sameOwner(vm.ownership.marker, marker);
}

/**
 * The VM behind a reference, complete or not, ours or not: by its id, and by its marker where the id is empty or leads
 * nowhere any more, as it does when the VM was registered anew.
 */
export async function findAny(
  vcenter: Vcenter,
  { externalId, marker }: { readonly externalId: string; readonly marker: Marker },
  context: CallContext,
): Promise<InventoryVm | null> {
  const byId =
    externalId === '' ? null : await readVm(vcenter, { type: 'VirtualMachine', value: externalId }, context);
  return byId ?? findByMarker(vcenter, marker, context);
}

/** What reads show: it carries the marker, and nothing of its creation is left to do. */
export async function findOwn(
  vcenter: Vcenter,
  ref: { readonly externalId: string; readonly marker: Marker },
  context: CallContext,
): Promise<InventoryVm | null> {
  const vm = await findAny(vcenter, ref, context);
  return vm !== null && carries(vm, ref.marker) && vm.ownership?.complete === true ? vm : null;
}

/** @throws NOT_FOUND, the same for what is not there and for what is somebody else's */
export async function requireOwn(
  vcenter: Vcenter,
  ref: { readonly externalId: string; readonly marker: Marker },
  context: CallContext,
): Promise<InventoryVm> {
  const vm = await findOwn(vcenter, ref, context);
  if (vm === null) throw notFound('VM', ref.marker.objectId);
  return vm;
}

export function observe({ ref, state, devices, ownership, observedAt }: InventoryVm): VmObservation {
  const inventoryName = state.name ?? '';
  return {
    externalId: ref.value,
    marker: ownership?.marker ?? null,
    name: ownership ? displayName(inventoryName, ownership.name, ownership.marker) : inventoryName,
    powerState: powerStateOf(state['runtime.powerState']),
    cpuCount: state['config.hardware.numCPU'] ?? 0,
    memoryMib: state['config.hardware.memoryMB'] ?? 0,
    diskGib: diskGibOf(devices),
    nics: nicsOf(devices, state['guest.net'] ?? []),
    observedAt,
  };
}
