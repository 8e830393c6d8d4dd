import { ApiError, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import { findAll } from '../model/ids';
import type { Instance } from '../model/records';
import type { World } from '../model/world';
import { instanceType } from '../types/catalog';
import { allowed } from './limits';
import { incorrectState, stateView } from './states';
import { beginStart, beginStop, beginTermination } from './transitions';

/** `InstanceId.N` of a request that is about instances. */
export function namedInstances(world: World, parameters: Parameters): readonly Instance[] {
  const ids = parameters.list('InstanceId');
  if (ids.length === 0) throw missingParameter('InstanceId');
  return findAll(world, 'instance', ids);
}

/** All of them or none: one that cannot be changed refuses the request. */
function changeEach(
  world: World,
  parameters: Parameters,
  change: (instance: Instance) => Instance,
): XmlObject {
  const items = namedInstances(world, parameters).map((before) => ({
    instanceId: before.id,
    currentState: stateView(change(before).state),
    previousState: stateView(before.state),
  }));
  return { instancesSet: items };
}

export function startInstances(world: World, parameters: Parameters): XmlObject {
  return changeEach(world, parameters, (instance) => {
    if (instance.state === 'running' || instance.state === 'pending') return instance;
    if (instance.state !== 'stopped') throw incorrectState(instance, 'started');
    const type = instanceType(instance.instanceType);
    if (type) allowed(world, type, 1, 1);
    return beginStart(world, instance);
  });
}

export function stopInstances(world: World, parameters: Parameters): XmlObject {
  return changeEach(world, parameters, (instance) => {
    if (instance.state === 'stopped' || instance.state === 'stopping') return instance;
    if (instance.state !== 'running') throw incorrectState(instance, 'stopped');
    if (instance.disableApiStop) throw protectedFrom(instance, 'stopped', 'disableApiStop');
    return beginStop(world, instance);
  });
}

export function terminateInstances(world: World, parameters: Parameters): XmlObject {
  return changeEach(world, parameters, (instance) => {
    if (instance.state === 'terminated' || instance.state === 'shutting-down') return instance;
    if (instance.disableApiTermination) throw protectedFrom(instance, 'terminated', 'disableApiTermination');
    return beginTermination(world, instance);
  });
}

/** The guest is told; the instance stays running. */
export function rebootInstances(world: World, parameters: Parameters): XmlObject {
  for (const instance of namedInstances(world, parameters)) {
    if (instance.state !== 'running') throw incorrectState(instance, 'rebooted');
    world.tables.instance.put({ ...instance, runningSince: world.now() }, world.now());
  }
  return { return: true };
}

function protectedFrom({ id }: Instance, verb: string, attribute: string): ApiError {
  return new ApiError(
    'OperationNotPermitted',
    `The instance '${id}' may not be ${verb}. Modify its '${attribute}' instance attribute and try again.`,
  );
}
