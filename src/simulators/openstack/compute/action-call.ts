import type { Cloud } from '../model/cloud';
import type { Server } from '../model/server-record';
import type { ApiCall } from '../wire/api-call';
import type { ComputeService } from './work/compute-service';

/** What an action needs to know. */
export interface ActionCall {
  readonly cloud: Cloud;
  readonly service: ComputeService;
  readonly server: Server;
  readonly call: ApiCall;
  /** What stands behind the action's name. */
  readonly argument: unknown;
}
