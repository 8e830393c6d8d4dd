import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { invalidArgument } from '../../kernel';
import { ownerKey } from '../contract';
import type { Marker } from '../contract';

/** Never change it: every name on every backend is derived from it. */
const NAMESPACE = '61bb761a-43d7-4d7d-8823-1ffa2471a0d2';

/** Fits a file name, a domain name and a volume name alike. */
const OBJECT_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const OUR_NAME = /^hg-.+-([0-9a-f]{8})$/;

/**
 * The UUID of our object on the backend. It follows from the owner alone, so that a repeated creation finds
 * what the first one made, and a marker of another owner leads nowhere.
 */
export function backendUuid(marker: Marker): string {
  return uuidv5(ownerKey(marker), NAMESPACE);
}

/**
 * The name of our domain or network on the backend, for example `hg-vm_0190…-1a2b3c4d`. The digits at its end
 * begin the UUID: they keep two installations on one backend apart, down to the names of their volumes.
 * @throws INVALID_ARGUMENT for an id that cannot be part of a file name
 */
export function backendName(marker: Marker): string {
  if (!OBJECT_ID.test(marker.objectId)) {
    throw invalidArgument('marker.objectId', 'it has to be 1 to 64 letters, digits, ".", "_" or "-".');
  }
  return `hg-${marker.objectId}-${backendUuid(marker).slice(0, 8)}`;
}

/** Whether it can be the identifier of a domain or network at all. */
export function isUuid(externalId: string): boolean {
  return UUID.test(externalId);
}

/** Whether a domain or network has the name that we would have given it. */
export function isOurName(name: string, uuid: string): boolean {
  return OUR_NAME.exec(name)?.[1] === uuid.slice(0, 8);
}

/** The volumes of one VM. All begin with `prefix`, and no volume of another VM does. */
export interface VmVolumeNames {
  readonly prefix: string;
  readonly disk: string;
  readonly seed: string;
  readonly console: string;
}

export function vmVolumeNames(marker: Marker): VmVolumeNames {
  const prefix = `${backendName(marker)}-`;
  return {
    prefix,
    disk: `${prefix}disk.qcow2`,
    seed: `${prefix}seed.iso`,
    console: `${prefix}console.log`,
  };
}

/**
 * The address of a VM's network card, in the range that QEMU's cards use. 24 bits follow from the VM: two of
 * the 250 cards of a full /24 network meet with a probability of 0.2 %.
 */
export function macAddress(marker: Marker, nicIndex: number): string {
  const digest = createHash('sha256')
    .update(`${backendUuid(marker)}/${nicIndex}`)
    .digest('hex');
  return ['52', '54', '00', digest.slice(0, 2), digest.slice(2, 4), digest.slice(4, 6)].join(':');
}

/** Linux gives the name of an interface 15 characters. */
export function bridgeName(marker: Marker): string {
  return `hg${backendUuid(marker).replaceAll('-', '').slice(0, 12)}`;
}
