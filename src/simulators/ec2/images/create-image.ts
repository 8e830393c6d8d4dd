import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import { find } from '../model/ids';
import type { Image, ImageDisk, Instance } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications } from '../tags/tag-specifications';
import { incorrectState } from '../instances/states';
import { takeSnapshot } from '../volumes/snapshots';

/** An image of an instance's volumes, pending until their snapshots are done. */
export function createImage(world: World, parameters: Parameters): XmlObject {
  const instance = find(world, 'instance', parameters.required('InstanceId'));
  const name = readName(world, parameters.required('Name'));
  const tagsFor = readTagSpecifications(parameters, ['image', 'snapshot']);
  if (instance.state !== 'running' && instance.state !== 'stopped') throw incorrectState(instance, 'imaged');
  const now = world.now();
  const id = world.newId('ami');
  const describe = `Created by CreateImage(${instance.id}) for ${id}`;
  const disks = instance.volumes.flatMap(({ volumeId, deviceName, deleteOnTermination }): ImageDisk[] => {
    const volume = world.tables.volume.get(volumeId);
    if (volume === null) return [];
    const { sizeGib, volumeType, iops, throughput } = volume;
    const snapshotId = takeSnapshot(world, volume, describe, tagsFor('snapshot')).id;
    return [{ deviceName, snapshotId, deleteOnTermination, sizeGib, volumeType, iops, throughput }];
  });
  const image: Image = {
    id,
    sequence: world.nextSequence(),
    due: now + world.options.operationMs,
    tags: tagsFor('image'),
    name,
    description: parameters.text('Description') ?? '',
    architecture: instance.architecture,
    ownerId: world.options.accountId,
    ownerAlias: null,
    isPublic: false,
    state: 'pending',
    createdAt: now,
    rootDeviceName: instance.rootDeviceName,
    disks,
  };
  world.tables.image.put(image, now);
  if (parameters.flag('NoReboot') !== true) reboot(world, instance);
  return { imageId: id };
}

/** So that the file systems are whole. */
function reboot(world: World, instance: Instance): void {
  if (instance.state !== 'running') return;
  world.tables.instance.put({ ...instance, runningSince: world.now() }, world.now());
}

function readName(world: World, name: string): string {
  if (!/^[\w ()[\]./\-'@]{3,128}$/.test(name)) {
    throw new ApiError(
      'InvalidAMIName.Malformed',
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, spaces and ()[]./-'@_",
    );
  }
  const { accountId } = world.options;
  const twin = world.tables.image.all().find((image) => image.ownerId === accountId && image.name === name);
  if (twin) {
    throw new ApiError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${twin.id}`);
  }
  return name;
}

/** The snapshots stay, as do the instances that were launched from it. */
export function deregisterImage(world: World, parameters: Parameters): XmlObject {
  const { id, ownerId } = find(world, 'image', parameters.required('ImageId'));
  if (ownerId !== world.options.accountId) {
    throw new ApiError('AuthFailure', `Not authorized for images:[${id}]`, 401);
  }
  world.tables.image.remove(id, world.now());
  return { return: true };
}
