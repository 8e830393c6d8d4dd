import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { readFilters } from '../model/filters';
import { find } from '../model/ids';
import { seenAll } from '../model/listing';
import { pageOf } from '../model/pages';
import type { Volume, VolumeModification } from '../model/records';
import type { World } from '../model/world';
import { readShape } from './volume-shape';

/** The first half a volume is `modifying`, the other half it has its new size already and is `optimizing`. */
const PROGRESS = { modifying: 0, optimizing: 50, completed: 100 } as const;

interface Modified extends Volume {
  readonly modification: VolumeModification;
}

export function modificationActions(world: World): Actions {
  world.onDue('volume', (volume, at) => {
    if (volume.modification) goOn(world, volume, volume.modification, at);
  });
  return {
    ModifyVolume: (parameters) => modifyVolume(world, parameters),
    DescribeVolumesModifications: (parameters) => describeModifications(world, parameters),
  };
}

function goOn(world: World, volume: Volume, modification: VolumeModification, at: number): void {
  const next: VolumeModification =
    modification.state === 'modifying'
      ? { ...modification, state: 'optimizing' }
      : { ...modification, state: 'completed', endedAt: at };
  const due = next.state === 'completed' ? null : at + world.options.operationMs / 2;
  world.tables.volume.put({ ...volume, modification: next, due }, at);
}

function modifyVolume(world: World, parameters: Parameters): XmlObject {
  const volume = find(world, 'volume', parameters.required('VolumeId'));
  const state = volume.modification?.state ?? 'completed';
  if (state !== 'completed') {
    const message = `Volume ${volume.id} is currently in modification state: ${state.toUpperCase()}`;
    throw new ApiError('IncorrectModificationState', message);
  }
  const { sizeGib, volumeType, iops, throughput } = volume;
  const original = { sizeGib, volumeType, iops, throughput };
  const shape = readShape(parameters, 'Size', original);
  if (shape.sizeGib < volume.sizeGib) {
    const message = `New size cannot be smaller than existing size (${volume.sizeGib} GiB)`;
    throw new ApiError('InvalidParameterValue', message);
  }
  const modified: Modified = {
    ...volume,
    ...shape,
    due: world.now() + world.options.operationMs / 2,
    modification: { state: 'modifying', startedAt: world.now(), endedAt: null, original },
  };
  world.tables.volume.put(modified, world.now());
  return { volumeModification: modificationView(modified) };
}

function describeModifications(world: World, parameters: Parameters): XmlObject {
  const ids = parameters.list('VolumeId');
  const asked = ids.length > 0 ? seenAll(world, 'volume', ids) : world.tables.volume.allSeen();
  const modified = asked.filter((volume): volume is Modified => volume.modification !== null);
  const unmodified = ids.find((id) => !modified.some((volume) => volume.id === id));
  if (unmodified !== undefined) {
    const message = `Modification for volume '${unmodified}' does not exist.`;
    throw new ApiError('InvalidVolumeModification.NotFound', message);
  }
  const passes = readFilters<Modified>(parameters, {
    'volume-id': ({ id }) => id,
    'modification-state': ({ modification }) => modification.state,
    'target-size': ({ sizeGib }) => sizeGib,
    'original-size': ({ modification }) => modification.original.sizeGib,
    'start-time': ({ modification }) => new Date(modification.startedAt).toISOString(),
  });
  const sorted = modified.filter(passes).sort((one, other) => one.sequence - other.sequence);
  const { items, nextToken } = pageOf(sorted, parameters, ids.length > 0);
  return { volumeModificationSet: items.map(modificationView), nextToken };
}

function modificationView({ id, modification, ...target }: Modified): XmlObject {
  const { original, state, startedAt, endedAt } = modification;
  return {
    volumeId: id,
    modificationState: state,
    targetSize: target.sizeGib,
    targetIops: target.iops,
    targetVolumeType: target.volumeType,
    targetThroughput: target.throughput,
    originalSize: original.sizeGib,
    originalIops: original.iops,
    originalVolumeType: original.volumeType,
    originalThroughput: original.throughput,
    progress: PROGRESS[state],
    startTime: new Date(startedAt),
    endTime: endedAt === null ? null : new Date(endedAt),
  };
}
