import type { VmObservation } from '../contract';
import type { AnyVirtualDevice, MoRef, PropertiesOf } from './client';
import { displayName, instanceUuid } from './identity';
import { diskGibOf, nicsOf } from './map-devices';
import { MARKER_KEY, readOwnership } from './map-marker';
import type { Ownership } from './map-marker';
import { powerStateOf } from './map-power-state';

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
