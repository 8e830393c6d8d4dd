import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import type { FilterFields } from '../model/filters';
import { find } from '../model/ids';
import { list } from '../model/listing';
import type { Snapshot, Tag, Volume } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications, tagSet } from '../tags/tag-specifications';

const FILTERS: FilterFields<Snapshot> = {
  'snapshot-id': ({ id }) => id,
  'volume-id': ({ volumeId }) => volumeId,
  'volume-size': ({ sizeGib }) => sizeGib,
  description: ({ description }) => description,
  'owner-id': ({ ownerId }) => ownerId,
  status: ({ state }) => state,
  progress: progressOf,
  'start-time': ({ startedAt }) => new Date(startedAt).toISOString(),
};

export function snapshotActions(world: World): Actions {
  world.onDue('snapshot', (snapshot, at) => {
    world.tables.snapshot.put({ ...snapshot, state: 'completed', due: null }, at);
  });
  return {
    CreateSnapshot: (parameters) => {
      const volume = find(world, 'volume', parameters.required('VolumeId'));
      const tags = readTagSpecifications(parameters, ['snapshot'])('snapshot');
      return snapshotView(takeSnapshot(world, volume, parameters.text('Description') ?? '', tags));
    },
    DescribeSnapshots: (parameters) => describeSnapshots(world, parameters),
    DeleteSnapshot: (parameters) => deleteSnapshot(world, parameters),
  };
}

/** Pending at first: what was on the volume at this moment is copied in the background. */
export function takeSnapshot(
  world: World,
  { id: volumeId, sizeGib }: Volume,
  description: string,
  tags: readonly Tag[],
): Snapshot {
  const now = world.now();
  const snapshot: Snapshot = {
    id: world.newId('snap'),
    sequence: world.nextSequence(),
    due: now + world.options.operationMs,
    tags,
    volumeId,
    sizeGib,
    description,
    startedAt: now,
    state: 'pending',
    ownerId: world.options.accountId,
  };
  world.tables.snapshot.put(snapshot, now);
  return snapshot;
}

function describeSnapshots(world: World, parameters: Parameters): XmlObject {
  const { accountId } = world.options;
  const owners = parameters.list('Owner').map((owner) => (owner === 'self' ? accountId : owner));
  const isListed = ({ ownerId }: Snapshot): boolean => owners.length === 0 || owners.includes(ownerId);
  const listing = { kind: 'snapshot', idParameter: 'SnapshotId', filters: FILTERS, isListed } as const;
  const { items, nextToken } = list(world, parameters, listing);
  return { snapshotSet: items.map(snapshotView), nextToken };
}

function deleteSnapshot(world: World, parameters: Parameters): XmlObject {
  const { id, ownerId } = find(world, 'snapshot', parameters.required('SnapshotId'));
  if (ownerId !== world.options.accountId) {
    throw new ApiError('AuthFailure', `You do not own the snapshot '${id}'`, 401);
  }
  const user = world.tables.image
    .all()
    .find(({ disks }) => disks.some(({ snapshotId }) => snapshotId === id));
  if (user) {
    throw new ApiError('InvalidSnapshot.InUse', `The snapshot ${id} is currently in use by ${user.id}`);
  }
  world.tables.snapshot.remove(id, world.now());
  return { return: true };
}

function progressOf({ state }: Snapshot): string {
  return state === 'completed' ? '100%' : '50%';
}

function snapshotView(snapshot: Snapshot): XmlObject {
  return {
    snapshotId: snapshot.id,
    volumeId: snapshot.volumeId ?? 'vol-ffffffff',
    status: snapshot.state,
    startTime: new Date(snapshot.startedAt),
    progress: progressOf(snapshot),
    ownerId: snapshot.ownerId,
    volumeSize: snapshot.sizeGib,
    description: snapshot.description,
    encrypted: false,
    storageTier: 'standard',
    tagSet: tagSet(snapshot.tags),
  };
}
