import type { Flavor } from './records';

export type VmState = 'building' | 'active' | 'stopped' | 'suspended' | 'resized' | 'error' | 'deleted';

/** What a server can be doing. */
export type WorkKind =
  | 'CREATE'
  | 'DELETE'
  | 'START'
  | 'STOP'
  | 'SOFT_REBOOT'
  | 'HARD_REBOOT'
  | 'SUSPEND'
  | 'RESUME'
  | 'RESIZE'
  | 'CONFIRM_RESIZE'
  | 'REVERT_RESIZE'
  | 'SNAPSHOT';

/** Accepted, and under way in the compute service. */
export interface Work {
  readonly kind: WorkKind;
  /** The index of the stage that it has reached. */
  readonly stage: number;
  /** The image that a snapshot fills. */
  readonly imageId?: string;
  /** It will come to nothing, and nobody will say so. */
  readonly vanishes?: boolean;
}

export interface Fault {
  readonly code: number;
  readonly message: string;
  readonly createdAt: number;
  /** It cannot be read yet: it is written after the state. */
  lagging: boolean;
}

/** How a card was asked for. */
export interface CardRequest {
  readonly networkId: string;
  readonly portId: string | null;
  readonly fixedIp: string | null;
}

/** A card of a server, in the order in which it was asked for. Made while the server is built, or brought along. */
export interface Card {
  readonly portId: string;
  /** A port that was brought along stays when the server goes. */
  readonly isOwn: boolean;
}

export interface Server {
  readonly id: string;
  readonly projectId: string;
  readonly userId: string;
  name: string;
  description: string | null;
  hostname: string;
  readonly imageId: string;
  flavor: Flavor;
  /** While a resize waits to be confirmed, what it came from and in which state. */
  resizedFrom: { readonly flavor: Flavor; readonly vmState: VmState } | null;
  /** What a resize that is under way goes to. */
  resizeTo: Flavor | null;
  metadata: Record<string, string>;
  readonly keyName: string | null;
  readonly userData: string | null;
  readonly configDrive: boolean;
  readonly securityGroupIds: readonly string[];
  readonly cardRequests: readonly CardRequest[];
  cards: Card[];
  vmState: VmState;
  taskState: string | null;
  powerState: number;
  /** The name of the host that carries it. */
  host: string | null;
  fault: Fault | null;
  locked: boolean;
  tags: string[];
  work: Work | null;
  readonly createdAt: number;
  updatedAt: number;
  launchedAt: number | null;
  terminatedAt: number | null;
}
