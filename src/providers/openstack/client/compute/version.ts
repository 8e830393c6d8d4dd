import { UnsuitableCloudError } from '../errors';

/**
 * The one microversion that is spoken, that of the release Zed. Newer servers speak it too; what it fixes is the shape
 * of every answer: flavors embedded, no personality files, `hostname` accepted and told.
 */
export const MICROVERSION = '2.93';

/** @throws UnsuitableCloudError where the range of the server does not include it */
export function requireVersion({ version, min_version }: { version: string; min_version: string }): void {
  if (compare(version, MICROVERSION) >= 0 && compare(min_version, MICROVERSION) <= 0) return;
  throw new UnsuitableCloudError(
    `The compute service speaks the versions ${min_version} to ${version}; ${MICROVERSION} (Zed) is needed.`,
  );
}

/** 2.100 is newer than 2.93. What is no version comes before all. */
function compare(one: string, other: string): number {
  const [major = -1, minor = -1] = numbers(one);
  const [otherMajor = -1, otherMinor = -1] = numbers(other);
  return major - otherMajor || minor - otherMinor;
}

function numbers(version: string): readonly number[] {
  return /^\d+\.\d+$/.test(version) ? version.split('.').map(Number) : [];
}
