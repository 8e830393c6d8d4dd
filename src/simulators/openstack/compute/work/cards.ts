import type { Server } from '../../model/server-record';
import type { World } from '../../model/world';
import { makePort, removePort } from '../../network/make-port';

/** Makes the ports that were asked for by their networks, and takes the ones that were brought along. */
export function plugCards(world: World, server: Server): void {
  for (const { networkId, portId, fixedIp } of server.cardRequests) {
    const deviceOwner = 'compute:nova';
    const brought = portId === null ? null : world.ports.get(portId);
    if (portId !== null && !brought) throw new Error(`Port ${portId} is gone.`);
    const port =
      brought ??
      makePort(world, {
        networkId,
        projectId: server.projectId,
        addresses: fixedIp === null ? null : [{ ipAddress: fixedIp }],
        deviceId: server.id,
        deviceOwner,
        securityGroupIds: server.securityGroupIds,
      });
    Object.assign(port, { deviceId: server.id, deviceOwner, status: 'ACTIVE', updatedAt: world.now() });
    server.cards.push({ portId: port.id, isOwn: brought === null });
  }
}

/** Also ports that somebody plugged in meanwhile by naming the server as their device. */
export function unplugCards(world: World, server: Server): void {
  for (const { portId, isOwn } of server.cards) {
    const port = world.ports.get(portId);
    if (!port) continue;
    if (isOwn) removePort(world, portId);
    else Object.assign(port, { deviceId: '', deviceOwner: '', status: 'DOWN', updatedAt: world.now() });
  }
  server.cards = [];
}
