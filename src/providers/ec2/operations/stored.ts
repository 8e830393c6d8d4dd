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

/** An instance of which EC2 does not show yet what it was changed to. */
export interface ResizePlan extends Stored {
  readonly vm: string;
  /** Null where it stays. */
  readonly instanceType: string | null;
  readonly diskGib: number | null;
}

/** A network that was made to its end, and may not be shown so yet. */
export interface NetworkPlan extends Stored {
  readonly vpc: string;
}

/** Networks that were removed, and may be shown still. */
export interface RemovalPlan extends Stored {
  readonly vpcs: readonly string[];
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
  readonly resize: ResizePlan;
  readonly appearance: AppearancePlan;
  readonly network: NetworkPlan;
  readonly removal: RemovalPlan;
}

export type PlanType = keyof PlanOf;
