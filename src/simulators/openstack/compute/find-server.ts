import type { Cloud } from '../model/cloud';
import type { Server } from '../model/server-record';
import type { ApiCall, Caller } from '../wire/api-call';
import { serverNotFound } from './nova-error';

/** Whether a new server can be seen yet. */
export function isSettled({ world, options }: Cloud, { createdAt }: Server): boolean {
  return options.lagMs === 0 || world.now() - createdAt >= options.lagMs;
}

export function isOf(server: Server, { projectId }: Caller): boolean {
  return server.projectId === projectId;
}

/** @throws ApiError 404 for a server of somebody else, too, and for a deleted one */
export function findServer(cloud: Cloud, { params, caller }: ApiCall): Server {
  const id = params['id'] ?? '';
  const server = cloud.world.servers.get(id);
  if (!server || !isOf(server, caller) || server.vmState === 'deleted' || !isSettled(cloud, server)) {
    throw serverNotFound(id);
  }
  return server;
}
