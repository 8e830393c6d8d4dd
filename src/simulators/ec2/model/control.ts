import type { LaunchFates } from '../instances/launch-fates';
import { beginStart, beginStop, beginTermination } from '../instances/transitions';
import { ApiError } from '../wire/api-error';
import type { Dispatcher } from '../wire/dispatcher';
import type { Instance } from './records';
import type { World } from './world';

/** What another client of the same account may do, at once and without the checks; and what may go wrong. */
export interface AccountControl {
  /** As they are, whatever clients see yet; terminated ones too. */
  instances(): readonly Instance[];
  startBehindBack(instanceId: string): void;
  stopBehindBack(instanceId: string): void;
  terminateBehindBack(instanceId: string): void;
  /** Sets the tag `Name`. */
  renameBehindBack(instanceId: string, name: string): void;
  /** The next instance that is launched is accepted, and then ends terminated with this code as its reason. */
  failNextLaunch(code?: string): void;
  /** The next request for the action is refused. */
  refuseNext(action: string, code: string, status?: number): void;
  /** How many requests there were for the action, refused ones too. */
  requests(action: string): number;
}

export function accountControl(world: World, fates: LaunchFates, dispatcher: Dispatcher): AccountControl {
  const change = (id: string, work: (instance: Instance) => void): void => {
    world.settle();
    const instance = world.tables.instance.get(id);
    if (instance === null) throw new Error(`There is no instance ${id}.`);
    world.attempt(() => work(instance));
    world.settle();
  };
  return {
    instances: () => {
      world.settle();
      return world.tables.instance.all();
    },
    startBehindBack: (id) => change(id, (instance) => void beginStart(world, instance)),
    stopBehindBack: (id) => change(id, (instance) => void beginStop(world, instance)),
    terminateBehindBack: (id) => change(id, (instance) => void beginTermination(world, instance)),
    renameBehindBack: (id, name) =>
      change(id, (instance) => {
        const others = instance.tags.filter(({ key }) => key !== 'Name');
        const tags = [...others, { key: 'Name', value: name }];
        world.tables.instance.put({ ...instance, tags }, world.now());
      }),
    failNextLaunch: (code = 'Server.InsufficientInstanceCapacity') => fates.failNext(code),
    refuseNext: (action, code, status = 400) =>
      dispatcher.refuseNext(action, new ApiError(code, `${code}, as ordered.`, status)),
    requests: (action) => dispatcher.requests.get(action) ?? 0,
  };
}
