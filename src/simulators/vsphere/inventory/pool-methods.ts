import type { MachineContext } from '../machines/context';
import { DEFAULT_SHARES } from '../model/allocations';
import { entityBase } from '../model/build/entity-base';
import { requireFreeName } from '../model/folders';
import { notSupported, storedName } from '../model/names';
import type { Allocation, Pool } from '../model/records';
import type { World } from '../model/world';
import {
  invalidArgument,
  optionalBoolean,
  optionalInt,
  requireChild,
  requireText,
} from '../service/arguments';
import type { MethodCall, MethodTable } from '../service/method';
import { child, textOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import type { MoRef } from '../vim/values';
import { rename } from './entity-methods';

const LEVELS = ['low', 'normal', 'high', 'custom'] as const;
/** A half, the whole and the double of the normal shares. */
const FACTORS = { low: 0.5, normal: 1, high: 2 } as const;

export function poolMethods(context: MachineContext): MethodTable {
  const { world } = context;
  const poolOf = ({ self }: MethodCall) => world.named('POOL', self, '_this');
  return {
    type: 'ResourcePool',
    methods: {
      CreateResourcePool: (call) => createPool(world, poolOf(call), call.request),
      UpdateConfig: (call) => {
        const pool = poolOf(call);
        const name = textOf(call.request, 'name');
        const config = child(call.request, 'config');
        const wanted = config && readAllocations(config, pool);
        if (name !== null) rename(world, pool, storedName(name, pool.ref));
        if (wanted) Object.assign(pool, wanted);
        pool.changeNumber++;
        pool.modifiedMs = world.now();
        world.touch(pool, ...parentPool(world, pool));
        return undefined;
      },
      Destroy_Task: (call) => destroyPool(context, poolOf(call)),
    },
  };
}

function createPool(world: World, parent: Pool, request: RequestElement): MoRef {
  const name = storedName(requireText(request, 'name'), parent.ref);
  const wanted = readAllocations(requireChild(request, 'spec'), DEFAULT_SHARES);
  requireFreeName(world, parent.children, name);
  const pool = world.add<Pool>({
    kind: 'POOL',
    ...entityBase(world.newRef('ResourcePool', 'resgroup'), name, parent.ref.value),
    owner: parent.owner,
    children: [],
    ...wanted,
    changeNumber: 0,
    modifiedMs: world.now(),
  });
  parent.children = [...parent.children, pool.ref.value];
  world.touch(parent);
  return pool.ref;
}

/** Its machines and pools go to its parent, as in vCenter. */
function destroyPool(context: MachineContext, pool: Pool): MoRef {
  const { world } = context;
  const [parent] = parentPool(world, pool);
  if (!parent) throw notSupported('the root of all pools stays');
  return context.tasks.start({
    name: 'Destroy_Task',
    descriptionId: 'ResourcePool.destroy',
    entity: pool,
    finish: () => {
      for (const id of pool.children)
        requireFreeName(world, parent.children, world.get('POOL', id).name, pool);
      parent.children = [...parent.children.filter((id) => id !== pool.ref.value), ...pool.children];
      for (const id of pool.children) {
        const inner = world.get('POOL', id);
        inner.parent = parent.ref.value;
        world.touch(inner);
      }
      for (const id of world.relations.loadOf(pool.ref.value).machines) {
        const machine = world.get('MACHINE', id);
        machine.pool = parent.ref.value;
        world.touch(machine);
      }
      world.touch(parent);
      world.remove(pool);
      return undefined;
    },
  });
}

function parentPool(world: World, pool: Pool): Pool[] {
  const parent = pool.parent === null ? null : world.lookUp(pool.parent);
  return parent?.kind === 'POOL' ? [parent] : [];
}

interface Allocations {
  readonly cpu: Allocation;
  readonly memory: Allocation;
}

function readAllocations(spec: RequestElement, before: Allocations): Allocations {
  return {
    cpu: readAllocation(spec, 'cpuAllocation', before.cpu, DEFAULT_SHARES.cpu.shares),
    memory: readAllocation(spec, 'memoryAllocation', before.memory, DEFAULT_SHARES.memory.shares),
  };
}

function readAllocation(spec: RequestElement, name: string, before: Allocation, normal: number): Allocation {
  const given = child(spec, name);
  if (!given) return before;
  const reservation = optionalInt(given, 'reservation') ?? before.reservation;
  const limit = optionalInt(given, 'limit') ?? before.limit;
  if (reservation < 0) throw invalidArgument(`${name}.reservation`);
  if (limit < -1 || (limit >= 0 && limit < reservation)) throw invalidArgument(`${name}.limit`);
  return {
    reservation,
    limit,
    expandable: optionalBoolean(given, 'expandableReservation') ?? before.expandable,
    ...readShares(given, name, before, normal),
  };
}

function readShares(
  given: RequestElement,
  name: string,
  before: Allocation,
  normal: number,
): Pick<Allocation, 'shares' | 'level'> {
  const shares = child(given, 'shares');
  if (!shares) return { shares: before.shares, level: before.level };
  const level = LEVELS.find((one) => one === textOf(shares, 'level')?.trim());
  if (level === undefined) throw invalidArgument(`${name}.shares.level`);
  if (level !== 'custom') return { level, shares: normal * FACTORS[level] };
  const number = optionalInt(shares, 'shares') ?? -1;
  if (number < 1) throw invalidArgument(`${name}.shares.shares`);
  return { level, shares: number };
}
