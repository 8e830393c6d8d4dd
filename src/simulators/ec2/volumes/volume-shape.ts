import { ApiError, invalidValue } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { VolumeShape, VolumeType } from '../model/records';

interface Bounds {
  readonly sizeGib: readonly [number, number];
  readonly iops: readonly [number, number] | null;
  readonly throughput: readonly [number, number] | null;
}

/** What each type of volume can be. */
const BOUNDS: Readonly<Record<VolumeType, Bounds>> = {
  gp2: { sizeGib: [1, 16_384], iops: null, throughput: null },
  gp3: { sizeGib: [1, 16_384], iops: [3_000, 16_000], throughput: [125, 1_000] },
  io1: { sizeGib: [4, 16_384], iops: [100, 64_000], throughput: null },
  io2: { sizeGib: [4, 65_536], iops: [100, 256_000], throughput: null },
  st1: { sizeGib: [125, 16_384], iops: null, throughput: null },
  sc1: { sizeGib: [125, 16_384], iops: null, throughput: null },
  standard: { sizeGib: [1, 1_024], iops: null, throughput: null },
};

const NOTHING = { iops: null, throughput: null };
const TYPES = Object.keys(BOUNDS) as readonly VolumeType[];

/**
 * What a volume is to be like.
 * @param sizeName the parameter with the size: `VolumeSize` of a mapping, `Size` of a modification
 * @param before what holds where the request is silent
 */
export function readShape(
  parameters: Parameters,
  sizeName: 'Size' | 'VolumeSize',
  before: VolumeShape | null,
): VolumeShape {
  const volumeType = parameters.oneOf('VolumeType', TYPES) ?? before?.volumeType ?? 'gp2';
  const bounds = BOUNDS[volumeType];
  const sizeGib = parameters.integer(sizeName, 1, 65_536) ?? before?.sizeGib;
  if (sizeGib === undefined) {
    throw new ApiError('MissingParameter', 'The request must contain the parameter size/snapshot');
  }
  if (sizeGib < bounds.sizeGib[0] || sizeGib > bounds.sizeGib[1]) {
    const why = `A volume of the type ${volumeType} has ${bounds.sizeGib.join(' to ')} GiB`;
    throw invalidValue(parameters.fullName(sizeName), sizeGib, why);
  }
  const same = before?.volumeType === volumeType ? before : NOTHING;
  return {
    sizeGib,
    volumeType,
    iops: within(parameters, 'Iops', bounds.iops, same.iops),
    throughput: within(parameters, 'Throughput', bounds.throughput, same.throughput),
  };
}

function within(
  parameters: Parameters,
  name: string,
  bounds: readonly [number, number] | null,
  before: number | null,
): number | null {
  if (bounds !== null) return parameters.integer(name, ...bounds) ?? before ?? bounds[0];
  const asked = parameters.text(name);
  if (asked === null) return null;
  throw new ApiError(
    'InvalidParameterCombination',
    `The parameter ${name} is not supported for this type of volume`,
  );
}
