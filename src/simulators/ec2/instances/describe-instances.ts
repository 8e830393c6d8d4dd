import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import { list } from '../model/listing';
import type { Instance } from '../model/records';
import type { World } from '../model/world';
import { instanceFilters } from './instance-filters';
import { reservationView } from './instance-view';
import { stateCode, stateView } from './states';

/** A page is so many instances; a reservation whose instances are on two pages is on both. */
export function describeInstances(world: World, parameters: Parameters): XmlObject {
  const listing = { kind: 'instance', idParameter: 'InstanceId', filters: instanceFilters(world) } as const;
  const { items, nextToken } = list(world, parameters, listing);
  const reservations = new Map<string, Instance[]>();
  for (const instance of items) {
    const together = reservations.get(instance.reservationId);
    if (together) together.push(instance);
    else reservations.set(instance.reservationId, [instance]);
  }
  return {
    reservationSet: [...reservations.values()].map((instances) => reservationView(world, instances)),
    nextToken,
  };
}

/** Only of running instances, unless all are asked for. */
export function describeInstanceStatus(world: World, parameters: Parameters): XmlObject {
  const isAll = parameters.flag('IncludeAllInstances') ?? false;
  const health = (instance: Instance): string => statusOf(world, instance);
  const listing = {
    kind: 'instance',
    idParameter: 'InstanceId',
    filters: {
      'availability-zone': ({ zone }: Instance) => zone,
      'instance-state-name': ({ state }: Instance) => state,
      'instance-state-code': ({ state }: Instance) => stateCode(state),
      'instance-status.status': health,
      'system-status.status': health,
      'instance-status.reachability': (instance: Instance) => reachability(health(instance)),
      'system-status.reachability': (instance: Instance) => reachability(health(instance)),
    },
    isListed: ({ state }: Instance) => isAll || state === 'running',
  } as const;
  const { items, nextToken } = list(world, parameters, listing);
  return { instanceStatusSet: items.map((instance) => statusView(instance, health(instance))), nextToken };
}

/** Whether the guest is up. */
export function hasBooted(world: World, { runningSince }: Instance): boolean {
  return runningSince !== null && world.now() >= runningSince + world.options.bootMs;
}

function statusOf(world: World, instance: Instance): string {
  if (instance.state !== 'running') return 'not-applicable';
  return hasBooted(world, instance) ? 'ok' : 'initializing';
}

function reachability(status: string): string | null {
  if (status === 'not-applicable') return null;
  return status === 'ok' ? 'passed' : status;
}

function statusView(instance: Instance, status: string): XmlObject {
  const reached = reachability(status);
  const details = reached === null ? null : [{ name: 'reachability', status: reached }];
  return {
    instanceId: instance.id,
    availabilityZone: instance.zone,
    instanceState: stateView(instance.state),
    systemStatus: { status, details },
    instanceStatus: { status, details },
  };
}
