import type { CallContext, Marker } from '../../contract';
import type { MoRef } from '../client';
import type { Ownership } from '../map-marker';
import type { NetworkType } from '../network-id';

/** A port group of ours. */
export interface PortGroup {
  readonly ref: MoRef<NetworkType>;
  /** Null while its creation has not come to an end. */
  readonly ownership: Ownership | null;
}

/** What distributed and standard switches have in common: named segments with a VLAN. */
export interface Switch {
  /** The port group with the name that follows from the marker; null when there is none. */
  find(marker: Marker, context: CallContext): Promise<PortGroup | null>;
  /** The port groups that carry a record of ours, whichever installation's. */
  list(context: CallContext): Promise<readonly PortGroup[]>;
  /** The VLANs that port groups of the switch use, by the port group's name. */
  usedVlans(context: CallContext): Promise<readonly { readonly name: string; readonly vlanId: number }[]>;
  /** Makes it, or what of it is missing. */
  add(ownership: Ownership, vlanId: number, context: CallContext): Promise<void>;
  remove(name: string, portGroup: PortGroup, context: CallContext): Promise<void>;
}
