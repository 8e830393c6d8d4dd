import type { Vlan } from '../model/records';
import { invalidArgument, optionalInt } from '../service/arguments';
import { child } from '../vim/element';
import type { RequestElement } from '../vim/element';

const HIGHEST_VLAN = 4094;

/** 0 is without a tag. A standard port group also has 4095, for machines that tag themselves. */
export function requireVlanId(id: number, property: string, highest = HIGHEST_VLAN): number {
  if (id < 0 || id > highest) throw invalidArgument(property);
  return id;
}

/** From `defaultPortConfig`; null where the client says nothing of it. */
export function readVlan(spec: RequestElement): Vlan | null {
  const config = child(spec, 'defaultPortConfig');
  const vlan = config && child(config, 'vlan');
  if (!vlan) return null;
  if (vlan.xsiType === 'VmwareDistributedVirtualSwitchTrunkVlanSpec') return { kind: 'TRUNK' };
  const property = 'spec.defaultPortConfig.vlan.vlanId';
  if (vlan.xsiType !== 'VmwareDistributedVirtualSwitchVlanIdSpec') throw invalidArgument(property);
  const id = optionalInt(vlan, 'vlanId');
  if (id === null) throw invalidArgument(property);
  return { kind: 'ID', id: requireVlanId(id, property) };
}
