import type { Instance } from '../model/records';
import type { World } from '../model/world';
import { publicAddress } from '../networks/addresses';
import { byUser, reasonOf } from './states';

const SHUTDOWN = 'Client.UserInitiatedShutdown';

/** What becomes of instances in time. */
export function passTime(world: World): void {
  world.onDue('instance', (instance, at) => {
    if (instance.state === 'pending' && instance.doomedBy === null) run(world, instance, at);
    else if (instance.state === 'pending') fail(world, instance, at);
    else if (instance.state === 'stopping') finishStop(world, instance, at);
    else if (instance.state === 'shutting-down') finishTermination(world, instance, at);
    else if (instance.state === 'terminated') world.tables.instance.remove(instance.id, at);
  });
}

function put(world: World, instance: Instance, at: number): Instance {
  world.tables.instance.put(instance, at);
  return instance;
}

function run(world: World, instance: Instance, at: number): void {
  put(world, { ...instance, state: 'running', stateReason: null, runningSince: at, due: null }, at);
}

function fail(world: World, instance: Instance, at: number): void {
  const stateReason = reasonOf(instance.doomedBy ?? '');
  const transitionReason = stateReason.code;
  const due = at + world.options.operationMs;
  put(world, { ...instance, state: 'shutting-down', stateReason, transitionReason, due }, at);
}

export function beginStart(world: World, instance: Instance): Instance {
  const now = world.now();
  for (const id of instance.interfaceIds) {
    const card = world.tables['network-interface'].get(id);
    if (card?.wantsPublicIp !== true) continue;
    world.tables['network-interface'].put({ ...card, publicIp: publicAddress(world) }, now);
  }
  const due = now + world.options.operationMs;
  const started = {
    state: 'pending',
    stateReason: null,
    transitionReason: '',
    launchedAt: now,
    due,
  } as const;
  return put(world, { ...instance, ...started }, now);
}

export function beginStop(world: World, instance: Instance): Instance {
  const now = world.now();
  const due = now + world.options.operationMs;
  const stopping = { state: 'stopping', runningSince: null, due } as const;
  return put(world, { ...instance, ...stopping, ...userReasons(now) }, now);
}

export function beginTermination(world: World, instance: Instance): Instance {
  const now = world.now();
  const due = now + world.options.operationMs;
  const ending = { state: 'shutting-down', runningSince: null, due } as const;
  return put(world, { ...instance, ...ending, ...userReasons(now) }, now);
}

/** A public address is lent while the instance runs. */
function finishStop(world: World, instance: Instance, at: number): void {
  for (const id of instance.interfaceIds) {
    const card = world.tables['network-interface'].get(id);
    if (card?.publicIp) world.tables['network-interface'].put({ ...card, publicIp: null }, at);
  }
  put(world, { ...instance, state: 'stopped', due: null }, at);
}

/** Stays listed for a while, without what it had. */
function finishTermination(world: World, instance: Instance, at: number): void {
  const { volume: volumes, 'network-interface': cards } = world.tables;
  for (const { volumeId, deleteOnTermination } of instance.volumes) {
    const volume = volumes.get(volumeId);
    if (deleteOnTermination) volumes.remove(volumeId, at);
    else if (volume) volumes.put({ ...volume, attachment: null }, at);
  }
  for (const id of instance.interfaceIds) cards.remove(id, at);
  const due = at + world.options.terminatedMs;
  put(world, { ...instance, state: 'terminated', volumes: [], interfaceIds: [], due }, at);
}

function userReasons(at: number): Pick<Instance, 'stateReason' | 'transitionReason'> {
  return { stateReason: reasonOf(SHUTDOWN), transitionReason: byUser(at) };
}
