import type { Cloud } from '../model/cloud';
import type { Network } from '../model/records';
import type { CardRequest } from '../model/server-record';
import { isInside, subnetsOf } from '../network/addresses';
import type { Caller } from '../wire/api-call';
import type { CreateRequest } from './create-request';
import { badRequest, novaError } from './nova-error';

/** What the server's cards shall be; everything that can be known to be wrong is refused here. */
export function requestedCards(
  cloud: Cloud,
  networks: CreateRequest['networks'],
  caller: Caller,
): readonly CardRequest[] {
  if (networks === 'none') return [];
  if (networks === 'auto' || networks === undefined || networks.length === 0) {
    return onlyNetwork(cloud, caller);
  }
  return networks.map((one) => {
    if (one.port !== undefined) return byPort(cloud, one.port, caller);
    return byNetwork(cloud, one.uuid ?? '', one.fixed_ip ?? null, caller);
  });
}

function usable({ world }: Cloud, { projectId }: Caller): readonly Network[] {
  return [...world.networks.values()].filter((one) => one.projectId === projectId || one.shared);
}

/** Where there is no doubt, a server gets a card in the one network that there is. */
function onlyNetwork(cloud: Cloud, caller: Caller): readonly CardRequest[] {
  const own = usable(cloud, caller).filter(({ projectId }) => projectId === caller.projectId);
  const all = own.length > 0 ? own : usable(cloud, caller);
  const [network] = all;
  if (all.length > 1) {
    throw novaError(409, 'Multiple possible networks found, use a Network ID to be more specific.');
  }
  return network ? [byNetwork(cloud, network.id, null, caller)] : [];
}

function byNetwork(cloud: Cloud, id: string, fixedIp: string | null, caller: Caller): CardRequest {
  const network = usable(cloud, caller).find((one) => one.id === id);
  if (!network) {
    // Anybody sees an external network, and nobody but an administrator plugs a server into it.
    if (cloud.world.networks.get(id)?.isExternal === true) {
      throw novaError(403, `It is not allowed to create an interface on external network ${id}`);
    }
    throw badRequest(`Network ${id} could not be found.`);
  }
  const subnets = subnetsOf(cloud.world, id);
  if (subnets.length === 0) {
    throw badRequest(`Network ${id} requires a subnet in order to boot instances on.`);
  }
  if (fixedIp !== null && !subnets.some(({ cidr }) => isInside(fixedIp, cidr))) {
    throw badRequest(`Fixed IP ${fixedIp} is not a valid ip address for network ${id}.`);
  }
  if (fixedIp !== null && isTaken(cloud, id, fixedIp)) {
    throw badRequest(`Fixed IP address ${fixedIp} is already in use on instance.`);
  }
  return { networkId: id, portId: null, fixedIp };
}

function isTaken({ world }: Cloud, networkId: string, address: string): boolean {
  return [...world.ports.values()].some(
    (port) => port.networkId === networkId && port.fixedIps.some(({ ipAddress }) => ipAddress === address),
  );
}

function byPort({ world }: Cloud, id: string, { projectId }: Caller): CardRequest {
  const port = world.ports.get(id);
  if (port?.projectId !== projectId) throw badRequest(`Port id ${id} could not be found.`);
  if (port.deviceId !== '') throw novaError(409, `Port ${id} is still in use.`);
  if (port.fixedIps.length === 0) {
    throw badRequest(`Port ${id} requires a FixedIP in order to be used.`);
  }
  return { networkId: port.networkId, portId: id, fixedIp: null };
}
