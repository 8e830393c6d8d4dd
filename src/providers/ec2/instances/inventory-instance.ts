import type { Instance } from '@aws-sdk/client-ec2';
import { sameOwner } from '../../contract';
import type { Marker } from '../../contract';
import { markerOf } from '../map-marker';

/** An instance with what EC2 tells of it elsewhere. */
export interface InventoryInstance {
  readonly id: string;
  readonly instance: Instance;
  /** Null on what is not ours. */
  readonly marker: Marker | null;
  readonly cpuCount: number;
  readonly memoryMib: number;
  /** Of the root volume; 0 until EC2 tells of it. */
  readonly diskGib: number;
  /** In milliseconds since the epoch, before it was asked for. */
  readonly observedAt: number;
}

/**
 * EC2's own words for the states of an instance.
 *
 * Source: EC2 API reference, InstanceState.
 */
export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export const LIVING_STATES = ['pending', 'running', 'stopping', 'stopped'] as const;

export function stateOf(instance: Instance): InstanceState {
  return instance.State?.Name ?? 'pending';
}

/** An instance that was terminated stays listed for an hour; from its `shutting-down` on there is no way back. */
export function isGone(instance: Instance): boolean {
  const state = stateOf(instance);
  return state === 'shutting-down' || state === 'terminated';
}

export function carries({ marker }: InventoryInstance, owner: Marker): boolean {
  return sameOwner(marker, owner);
}

export function markerOfInstance({ Tags }: Instance): Marker | null {
  return markerOf(Tags);
}

/** The oldest first, always in the same order. */
export function byAge(one: InventoryInstance, other: InventoryInstance): number {
  return launchedAt(one.instance) - launchedAt(other.instance) || (one.id < other.id ? -1 : 1);
}

/** In milliseconds since the epoch: the creation's time, as the launch time is that of the last start. */
export function launchedAt({ LaunchTime }: Instance): number {
  return LaunchTime?.getTime() ?? 0;
}

export function rootVolumeId({ RootDeviceName, BlockDeviceMappings = [] }: Instance): string | undefined {
  return BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName)?.Ebs?.VolumeId;
}
