import type { ComputeService } from '../compute/work/compute-service';
import { OUTCOMES, touchServer } from '../compute/work/outcomes';
import type { Cloud } from './cloud';
import type { Server, WorkKind } from './server-record';

/** A server as tests look at it, whichever project it is of. */
export type ServerSummary = Pick<
  Server,
  'id' | 'name' | 'projectId' | 'metadata' | 'vmState' | 'taskState' | 'tags'
>;

/** What others do in the same cloud, without requests and without checks; and what may go wrong in it. */
export interface CloudControl {
  /** Those that exist; of all projects. */
  servers(): readonly ServerSummary[];
  powerOffBehindBack(serverId: string): void;
  powerOnBehindBack(serverId: string): void;
  /** At once, as if it had never taken time. */
  destroyBehindBack(serverId: string): void;
  renameBehindBack(serverId: string, name: string): void;
  /** The next work of this kind is accepted and comes to nothing. */
  loseNext(kind: WorkKind): void;
  /** Accepted work waits until `startCompute`. */
  pauseCompute(): void;
  /**
   * As if the compute service had crashed: creations go to ERROR, the rest stays in its task. `startCompute` carries
   * out the queued creations (ERROR becomes ACTIVE) and deletions, and forgets everything else.
   */
  killCompute(): void;
  startCompute(): void;
}

/** @throws Error for an id that is not there, which is a mistake of the test */
export function cloudControl(cloud: Cloud, service: ComputeService): CloudControl {
  const { world } = cloud;
  const one = (id: string): Server => {
    const server = world.servers.get(id);
    if (!server || server.vmState === 'deleted') throw new Error(`There is no server ${id}.`);
    return server;
  };
  return {
    servers: () => [...world.servers.values()].filter(({ vmState }) => vmState !== 'deleted'),
    powerOffBehindBack: (id) => OUTCOMES.STOP(cloud, one(id)),
    powerOnBehindBack: (id) => OUTCOMES.START(cloud, one(id)),
    destroyBehindBack: (id) => service.remove(one(id)),
    renameBehindBack: (id, name) => {
      const server = one(id);
      server.name = name;
      touchServer(cloud, server);
    },
    loseNext: (kind) => service.loseNext(kind),
    pauseCompute: () => service.pause(),
    killCompute: () => service.kill(),
    startCompute: () => service.start(),
  };
}
