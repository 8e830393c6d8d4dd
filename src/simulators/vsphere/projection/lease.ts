import type { LeaseRecord } from '../model/records';
import { disksOf } from '../model/machine';
import type { World } from '../model/world';
import { array, long, struct } from '../vim/values';
import type { Properties } from './entity';
import { enumOf } from './scalars';

/** Seconds that a lease lives without a word of progress. */
export const LEASE_TIMEOUT_SECONDS = 300;

/** The disks' sizes are true; there are no contents to download, and so no device URLs. */
export function leaseProperties(world: World, lease: LeaseRecord): Properties {
  const machine = world.lookUp(lease.machine);
  const disks = machine?.kind === 'MACHINE' ? disksOf(machine.hardware) : [];
  const kib = disks.reduce((sum, disk) => sum + disk.capacityBytes / 1024, 0);
  return {
    initializeProgress: 100,
    transferProgress: lease.progress,
    mode: 'pushOrGet',
    capabilities: struct('HttpNfcLeaseCapabilities', { pullModeSupported: false, corsSupported: false }),
    info:
      machine && lease.state === 'ready'
        ? struct('HttpNfcLeaseInfo', {
            lease: lease.ref,
            entity: machine.ref,
            deviceUrl: array('HttpNfcLeaseDeviceUrl', []),
            totalDiskCapacityInKB: long(kib),
            leaseTimeout: LEASE_TIMEOUT_SECONDS,
          })
        : undefined,
    state: enumOf('HttpNfcLeaseState', lease.state),
    error: undefined,
  };
}
