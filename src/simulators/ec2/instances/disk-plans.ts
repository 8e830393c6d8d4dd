import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import { find } from '../model/ids';
import type { Image } from '../model/records';
import type { World } from '../model/world';
import { readShape } from '../volumes/volume-shape';
import type { DiskPlan } from './launch';

/** The disks of the image as `BlockDeviceMapping.N` changes them, and those that it adds. */
export function readDisks(world: World, parameters: Parameters, image: Image): readonly DiskPlan[] {
  const disks = new Map<string, DiskPlan>();
  for (const disk of image.disks) disks.set(disk.deviceName, { ...disk, encrypted: false });
  const named = new Set<string>();
  for (const mapping of parameters.structs('BlockDeviceMapping')) {
    const deviceName = mapping.required('DeviceName');
    if (named.has(deviceName))
      throw badMapping(`The device '${deviceName}' is used in more than one mapping.`);
    named.add(deviceName);
    if (mapping.text('NoDevice') !== null) disks.delete(deviceName);
    else if (mapping.has('Ebs')) {
      const disk = readDisk(world, mapping.struct('Ebs'), deviceName, disks.get(deviceName) ?? null);
      disks.set(deviceName, disk);
    }
  }
  if (!disks.has(image.rootDeviceName)) {
    throw badMapping(`The root device '${image.rootDeviceName}' cannot be left out.`);
  }
  return [...disks.values()];
}

const ADDED = { snapshotId: null, deleteOnTermination: true, encrypted: false };

function readDisk(world: World, ebs: Parameters, deviceName: string, before: DiskPlan | null): DiskPlan {
  const inherited = before ?? ADDED;
  const snapshotId = ebs.text('SnapshotId') ?? inherited.snapshotId;
  const snapshot = snapshotId === null ? null : find(world, 'snapshot', snapshotId);
  const size = before ?? (snapshot && { ...snapshot, volumeType: 'gp2', iops: null, throughput: null });
  const shape = readShape(ebs, 'VolumeSize', size);
  if (snapshot !== null && shape.sizeGib < snapshot.sizeGib) {
    throw badMapping(
      `Volume of size ${shape.sizeGib}GB is smaller than snapshot '${snapshot.id}', expect size >= ${snapshot.sizeGib}GB`,
    );
  }
  return {
    ...shape,
    deviceName,
    snapshotId,
    deleteOnTermination: ebs.flag('DeleteOnTermination') ?? inherited.deleteOnTermination,
    encrypted: ebs.flag('Encrypted') ?? inherited.encrypted,
  };
}

function badMapping(message: string): ApiError {
  return new ApiError('InvalidBlockDeviceMapping', message);
}
