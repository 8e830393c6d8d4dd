import { randomBytes } from 'node:crypto';
import type { Port } from '../model/records';
import type { World } from '../model/world';
import { allocateAddresses } from './addresses';
import type { AddressRequest } from './addresses';
import { newObject } from './new-object';

export interface NewPort {
  readonly networkId: string;
  readonly projectId: string;
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly macAddress?: string | undefined;
  readonly adminStateUp?: boolean | undefined;
  /** Null: one address, if the network has any. */
  readonly addresses: readonly AddressRequest[] | null;
  readonly deviceId?: string | undefined;
  readonly deviceOwner?: string | undefined;
  readonly securityGroupIds: readonly string[];
}

/** @throws ApiError when there is no such address, or none left */
export function makePort(world: World, asked: NewPort): Port {
  const deviceOwner = asked.deviceOwner ?? '';
  const port: Port = {
    ...newObject(world, asked.projectId, asked),
    networkId: asked.networkId,
    macAddress: asked.macAddress ?? macAddress(),
    adminStateUp: asked.adminStateUp ?? true,
    fixedIps: allocateAddresses(world, asked.networkId, asked.addresses),
    deviceId: asked.deviceId ?? '',
    deviceOwner,
    status: deviceOwner.startsWith('network:') ? 'ACTIVE' : 'DOWN',
    securityGroupIds: [...asked.securityGroupIds],
  };
  world.ports.set(port.id, port);
  world.changed();
  return port;
}

/** Also where a floating IP led to it. */
export function removePort(world: World, portId: string): void {
  for (const floatingIp of world.floatingIps.values()) {
    if (floatingIp.portId !== portId) continue;
    Object.assign(floatingIp, { portId: null, fixedIpAddress: null, routerId: null });
  }
  world.ports.delete(portId);
  world.changed();
}

function macAddress(): string {
  return `fa:16:3e:${randomBytes(3)
    .toString('hex')
    .replace(/(..)(..)(..)/, '$1:$2:$3')}`;
}
