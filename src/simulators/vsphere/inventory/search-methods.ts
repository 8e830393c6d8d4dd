import { siteOf } from '../machines/placement';
import type { Machine } from '../model/machine';
import type { Entity, Host, Id } from '../model/records';
import type { World } from '../model/world';
import { hostNameOf, ipv4Of } from '../projection/guest';
import { cardsOf } from '../model/machine';
import { optionalBoolean, requireBoolean, requireRef, requireText } from '../service/arguments';
import type { MethodCall, MethodTable } from '../service/method';
import { refOf } from '../vim/element';
import type { MoRef } from '../vim/values';
import { requireEntity } from './entity-methods';

export function searchMethods(world: World): MethodTable {
  return {
    type: 'SearchIndex',
    methods: {
      FindByUuid: (call) => findByUuid(world, call).next().value ?? undefined,
      FindAllByUuid: (call) => [...findByUuid(world, call)],
      FindChild: ({ request }) => {
        const parent = requireEntity(world, requireRef(request, 'entity'));
        return childNamed(world, parent, requireText(request, 'name'))?.ref;
      },
      FindByInventoryPath: ({ request }) => {
        const [root] = world.ofKind('FOLDER');
        const steps = requireText(request, 'inventoryPath').split('/').filter(Boolean);
        let at: Entity | null = root ?? null;
        for (const step of steps) at = at && childNamed(world, at, step);
        return at?.ref;
      },
      FindByIp: (call) => find(world, call, (machine) => addressesOf(machine).includes(textOfIp(call))),
      FindByDnsName: (call) => {
        const name = requireText(call.request, 'dnsName').trim().toLowerCase();
        return find(world, call, (machine) => machine.toolsRunning && hostNameOf(machine) === name);
      },
    },
  };
}

function textOfIp({ request }: MethodCall): string {
  return requireText(request, 'ip').trim();
}

function addressesOf(machine: Machine): readonly string[] {
  return machine.toolsRunning
    ? cardsOf(machine.hardware)
        .filter((card) => card.connected)
        .map(ipv4Of)
    : [];
}

function* findByUuid(world: World, { request }: MethodCall): Generator<MoRef, undefined> {
  const wanted = requireText(request, 'uuid').trim().toLowerCase();
  const ofVm = requireBoolean(request, 'vmSearch');
  const byInstance = optionalBoolean(request, 'instanceUuid') ?? false;
  for (const one of candidates(world, request, ofVm)) {
    const uuid = one.kind === 'MACHINE' && byInstance ? one.instanceUuid : one.uuid;
    if (uuid === wanted) yield one.ref;
  }
  return undefined;
}

function find(
  world: World,
  { request }: MethodCall,
  matches: (machine: Machine) => boolean,
): MoRef | undefined {
  if (!requireBoolean(request, 'vmSearch')) return undefined;
  for (const one of candidates(world, request, true))
    if (one.kind === 'MACHINE' && matches(one)) return one.ref;
  return undefined;
}

function* candidates(world: World, request: MethodCall['request'], ofVm: boolean): Generator<Machine | Host> {
  const site = refOf(request, 'datacenter');
  if (site) world.named('DATACENTER', site, 'datacenter');
  for (const one of ofVm ? world.ofKind('MACHINE') : world.ofKind('HOST')) {
    if (one.kind === 'MACHINE' && !one.ready) continue;
    if (!site || siteOf(world, one.ref.value) === site.value) yield one;
  }
}

function childNamed(world: World, parent: Entity, name: string): Entity | null {
  for (const id of childIds(parent)) {
    const entity = world.lookUp(id);
    if (entity?.name === name) return entity;
  }
  return null;
}

/** Where a path goes on below an object. */
function childIds(entity: Entity): readonly Id[] {
  switch (entity.kind) {
    case 'FOLDER':
    case 'POOL':
      return entity.children;
    case 'DATACENTER':
      return [entity.vmFolder, entity.hostFolder, entity.datastoreFolder, entity.networkFolder];
    case 'CLUSTER':
      return [...entity.hosts, entity.rootPool];
    default:
      return [];
  }
}
