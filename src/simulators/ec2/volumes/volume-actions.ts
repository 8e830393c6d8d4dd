import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import type { FilterFields } from '../model/filters';
import { find } from '../model/ids';
import { list } from '../model/listing';
import type { Volume } from '../model/records';
import type { World } from '../model/world';
import { tagSet } from '../tags/tag-specifications';
import { modificationActions } from './modifications';

const FILTERS: FilterFields<Volume> = {
  'volume-id': ({ id }) => id,
  status: stateOf,
  size: ({ sizeGib }) => sizeGib,
  'volume-type': ({ volumeType }) => volumeType,
  'availability-zone': ({ zone }) => zone,
  'snapshot-id': ({ snapshotId }) => snapshotId,
  encrypted: ({ encrypted }) => encrypted,
  'create-time': ({ createdAt }) => new Date(createdAt).toISOString(),
  'attachment.instance-id': ({ attachment }) => attachment?.instanceId ?? null,
  'attachment.device': ({ attachment }) => attachment?.deviceName ?? null,
  'attachment.status': ({ attachment }) => attachment && 'attached',
};

export function volumeActions(world: World): Actions {
  return {
    ...modificationActions(world),
    DescribeVolumes: (parameters) => {
      const listing = { kind: 'volume', idParameter: 'VolumeId', filters: FILTERS } as const;
      const { items, nextToken } = list(world, parameters, listing);
      return { volumeSet: items.map((volume) => volumeView(world, volume)), nextToken };
    },
    DeleteVolume: (parameters) => deleteVolume(world, parameters),
  };
}

function deleteVolume(world: World, parameters: Parameters): XmlObject {
  const { id, attachment } = find(world, 'volume', parameters.required('VolumeId'));
  if (attachment) {
    const message = `Volume ${id} is currently attached to ${attachment.instanceId}`;
    throw new ApiError('VolumeInUse', message);
  }
  world.tables.volume.remove(id, world.now());
  return { return: true };
}

function stateOf({ attachment }: Volume): string {
  return attachment === null ? 'available' : 'in-use';
}

function volumeView(world: World, volume: Volume): XmlObject {
  return {
    volumeId: volume.id,
    size: volume.sizeGib,
    snapshotId: volume.snapshotId ?? '',
    availabilityZone: volume.zone,
    status: stateOf(volume),
    createTime: new Date(volume.createdAt),
    attachmentSet: attachmentViews(world, volume),
    volumeType: volume.volumeType,
    iops: volume.iops,
    throughput: volume.throughput,
    encrypted: volume.encrypted,
    multiAttachEnabled: false,
    tagSet: tagSet(volume.tags),
  };
}

function attachmentViews(world: World, { id, attachment }: Volume): readonly XmlObject[] {
  if (attachment === null) return [];
  const instance = world.tables.instance.get(attachment.instanceId);
  const mapping = instance?.volumes.find(({ volumeId }) => volumeId === id);
  return [
    {
      volumeId: id,
      instanceId: attachment.instanceId,
      device: attachment.deviceName,
      status: 'attached',
      attachTime: mapping && new Date(mapping.attachedAt),
      deleteOnTermination: mapping?.deleteOnTermination,
    },
  ];
}
