import { ApiError } from '../wire/api-error';
import type { World } from '../model/world';
import { instanceType } from '../types/catalog';
import type { InstanceType } from '../types/catalog';

/**
 * How many more instances of the type may run. Only what runs, or is about to, counts.
 * @throws ApiError InstanceLimitExceeded or VcpuLimitExceeded when fewer than so many
 */
export function allowed(world: World, type: InstanceType, least: number, most: number): number {
  const { maxInstances, maxVcpus } = world.options;
  const running = world.tables.instance
    .all()
    .filter(({ state, doomedBy }) => (state === 'pending' && doomedBy === null) || state === 'running');
  const freeInstances = (maxInstances ?? Infinity) - running.length;
  if (freeInstances < least) {
    throw new ApiError(
      'InstanceLimitExceeded',
      `You have requested more instances (${least + running.length}) than your current instance limit of ${maxInstances} allows for the specified instance type.`,
    );
  }
  const usedVcpus = running.reduce((sum, one) => sum + (instanceType(one.instanceType)?.vcpus ?? 0), 0);
  const free = Math.floor(((maxVcpus ?? Infinity) - usedVcpus) / type.vcpus);
  if (free < least) {
    throw new ApiError(
      'VcpuLimitExceeded',
      `You have requested more vCPU capacity than your current vCPU limit of ${maxVcpus} allows for the instance bucket that the specified instance type belongs to.`,
    );
  }
  return Math.min(most, freeInstances, free);
}
