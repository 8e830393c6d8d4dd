import type { Flavor } from '../model/records';
import type { ApiResult } from '../wire/api-call';
import type { ActionCall } from './action-call';
import { badRequest, novaError, wrongState } from './nova-error';
import { pickHost, quotaExcess, usageOf } from './work/capacity';

/** To another flavor, until it is confirmed or taken back. */
export function resize({ cloud, service, server, argument }: ActionCall): ApiResult {
  const ref: unknown =
    typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'flavorRef') : undefined;
  if (typeof ref !== 'string' && typeof ref !== 'number') {
    throw badRequest("Invalid input for field/attribute resize. 'flavorRef' is a required property");
  }
  checkResizable(server.id, server.vmState, server.taskState);
  const flavor = cloud.world.flavors.get(String(ref));
  if (!flavor) throw badRequest(`Flavor ${ref} could not be found.`);
  if (flavor.id === server.flavor.id) throw badRequest('When resizing, instances must change flavor!');
  if (flavor.diskGib < server.flavor.diskGib && flavor.diskGib === 0) {
    throw badRequest('Resize to zero disk flavor is not allowed.');
  }
  const more = growth(server.flavor, flavor);
  const excess = quotaExcess(cloud, usageOf(cloud, server.projectId), more);
  if (excess !== null) throw novaError(403, excess);
  if (pickHost(cloud, flavor, server) === null) {
    throw badRequest('No valid host was found. No valid host found for resize');
  }
  server.resizeTo = flavor;
  service.begin(server, 'RESIZE');
  return { status: 202 };
}

function checkResizable(id: string, vmState: string, taskState: string | null): void {
  if (vmState !== 'active' && vmState !== 'stopped') throw wrongState('resize', id, 'vm_state', vmState);
  if (taskState !== null) throw wrongState('resize', id, 'task_state', taskState);
}

function growth(from: Flavor, to: Flavor) {
  return {
    instances: 0,
    cores: Math.max(0, to.vcpus - from.vcpus),
    memoryMib: Math.max(0, to.memoryMib - from.memoryMib),
  };
}

export function confirmResize(action: ActionCall): ApiResult {
  settle(action, 'confirmResize', 'CONFIRM_RESIZE');
  return { status: 204 };
}

export function revertResize(action: ActionCall): ApiResult {
  settle(action, 'revertResize', 'REVERT_RESIZE');
  return { status: 202 };
}

function settle(
  { service, server }: ActionCall,
  name: string,
  kind: 'CONFIRM_RESIZE' | 'REVERT_RESIZE',
): void {
  if (server.vmState !== 'resized') throw wrongState(name, server.id, 'vm_state', server.vmState);
  if (server.taskState !== null) throw wrongState(name, server.id, 'task_state', server.taskState);
  // A confirmation shows no task: that it is under way only its migration knows.
  if (server.work) throw badRequest('Instance has not been resized.');
  service.begin(server, kind);
}
