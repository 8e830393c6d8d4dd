import type { Cloud } from '../../model/cloud';
import type { Server, VmState, WorkKind } from '../../model/server-record';
import { unplugCards } from './cards';

/** As libvirt counts them. */
export const POWER = { none: 0, running: 1, shutdown: 4 } as const;

export function setState(cloud: Cloud, server: Server, vmState: VmState, powerState: number): void {
  Object.assign(server, { vmState, powerState, taskState: null, work: null });
  touchServer(cloud, server);
}

export function touchServer({ world }: Cloud, server: Server): void {
  server.updatedAt = world.now();
  world.changed();
}

/** The state can be read at once, and why it is so a moment later. */
export function setError(cloud: Cloud, server: Server, code: number, message: string): void {
  setState(cloud, server, 'error', server.powerState);
  server.fault = { code, message, createdAt: cloud.world.now(), lagging: true };
}

/** How each kind of work ends when it goes well. */
export const OUTCOMES: Readonly<Record<WorkKind, (cloud: Cloud, server: Server) => void>> = {
  CREATE: (cloud, server) => {
    server.launchedAt = cloud.world.now();
    setState(cloud, server, 'active', POWER.running);
  },
  DELETE: (cloud, server) => {
    unplugCards(cloud.world, server);
    server.terminatedAt = cloud.world.now();
    setState(cloud, server, 'deleted', POWER.none);
  },
  START: (cloud, server) => setState(cloud, server, 'active', POWER.running),
  STOP: (cloud, server) => setState(cloud, server, 'stopped', POWER.shutdown),
  SOFT_REBOOT: (cloud, server) => setState(cloud, server, 'active', POWER.running),
  HARD_REBOOT: (cloud, server) => setState(cloud, server, 'active', POWER.running),
  SUSPEND: (cloud, server) => setState(cloud, server, 'suspended', POWER.shutdown),
  RESUME: (cloud, server) => setState(cloud, server, 'active', POWER.running),
  RESIZE: (cloud, server) => {
    server.resizedFrom = { flavor: server.flavor, vmState: server.vmState };
    server.flavor = server.resizeTo ?? server.flavor;
    server.resizeTo = null;
    setState(cloud, server, 'resized', server.powerState);
  },
  CONFIRM_RESIZE: (cloud, server) => settleResize(cloud, server),
  REVERT_RESIZE: (cloud, server) => {
    server.flavor = server.resizedFrom?.flavor ?? server.flavor;
    settleResize(cloud, server);
  },
  SNAPSHOT: (cloud, server) => {
    const image = cloud.world.images.get(server.work?.imageId ?? '');
    const sizeBytes = server.flavor.diskGib * 2 ** 30;
    if (image) Object.assign(image, { status: 'active', sizeBytes, updatedAt: cloud.world.now() });
    setState(cloud, server, server.vmState, server.powerState);
  },
};

function settleResize(cloud: Cloud, server: Server): void {
  const vmState = server.resizedFrom?.vmState ?? 'active';
  server.resizedFrom = null;
  setState(cloud, server, vmState, vmState === 'active' ? POWER.running : POWER.shutdown);
}
