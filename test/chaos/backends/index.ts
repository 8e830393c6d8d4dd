import { ec2 } from './ec2';
import type { BackendTrouble, FaultyBackend } from './faulty-backend';
import { libvirt } from './libvirt';
import { memory } from './memory';
import { openstack } from './openstack';
import { vsphere } from './vsphere';

export type { FaultyBackend } from './faulty-backend';

const STARTERS = { ec2, libvirt, memory, openstack, vsphere } as const;

export type BackendKind = keyof typeof STARTERS;
export const BACKEND_KINDS = Object.keys(STARTERS) as [BackendKind, ...BackendKind[]];

export function startBackends(
  kinds: readonly BackendKind[],
  trouble: BackendTrouble,
): Promise<FaultyBackend[]> {
  return Promise.all(kinds.map((kind) => STARTERS[kind](trouble)));
}
