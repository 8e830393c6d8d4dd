import type { Marker } from '../../contract';

/** Stored as JSON by whoever polls it, so it only ever gains fields. All times are in milliseconds since the epoch. */
interface Stored {
  readonly marker: Marker;
  /** When EC2 accepted it. */
  readonly since: number;
  /** When it is given up. */
  readonly deadline: number;
}

/** An instance that was launched, and is to run. */
export interface LaunchPlan extends Stored {
  readonly vm: string;
}

/** An instance that is on its way to a power state. */
export interface PowerPlan extends Stored {
  readonly vm: string;
  readonly target: 'running' | 'stopped';
}

/** An instance that has to come to rest before the mutation can go on. */
export interface RestPlan extends Stored {
  readonly vm: string;
}

export interface TerminationPlan extends Stored {
  readonly vms: readonly string[];
}

/** A volume that grows. */
export interface GrowthPlan extends Stored {
  readonly vm: string;
  readonly volume: string;
  readonly diskGib: number;
}

/** What EC2 has made and may not show yet, by its kind. */
export interface Pieces {
  readonly vpcs?: readonly string[];
  readonly subnets?: readonly string[];
  readonly gateways?: readonly string[];
  readonly groups?: readonly string[];
  /** By their names. */
  readonly keyPairs?: readonly string[];
}

export interface AppearancePlan extends Stored {
  readonly pieces: Pieces;
}

export interface PlanOf {
  readonly launch: LaunchPlan;
  readonly power: PowerPlan;
  readonly rest: RestPlan;
  readonly termination: TerminationPlan;
  readonly growth: GrowthPlan;
  readonly appearance: AppearancePlan;
}

export type PlanType = keyof PlanOf;
