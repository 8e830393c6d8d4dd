import { AppError } from '../../../kernel';

interface VlanRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A VLAN that is not in use, beginning at a place of chance so that two who choose at once rarely choose the same.
 * @param chance from 0 to 1
 * @throws RESOURCE_EXHAUSTED when all are in use
 */
export function freeVlan({ from, to }: VlanRange, used: ReadonlySet<number>, chance: number): number {
  const count = to - from + 1;
  const start = Math.min(count - 1, Math.floor(chance * count));
  for (let step = 0; step < count; step += 1) {
    const vlanId = from + ((start + step) % count);
    if (!used.has(vlanId)) return vlanId;
  }
  throw new AppError('RESOURCE_EXHAUSTED', 'The backend has no VLAN left for another network.');
}
