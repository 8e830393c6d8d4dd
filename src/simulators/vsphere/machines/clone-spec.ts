import type { Hardware, Machine } from '../model/machine';
import { invalidArgument, notFoundObject } from '../model/names';
import type { Datastore, Folder, Host, Pool } from '../model/records';
import type { World } from '../model/world';
import { optionalBoolean, requireChild, requireRef, requireText } from '../service/arguments';
import type { MethodCall } from '../service/method';
import { child, childrenOf, refOf, textOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import type { MoRef } from '../vim/values';
import { readConfigSpec, readDeviceChanges } from './config-spec';
import type { ConfigSpec } from './config-spec';
import { hostFor, machineFolder, requireReachable, requireSameSite } from './placement';

/** What a clone is to become, with everything that it names looked up. */
export interface ClonePlan {
  readonly source: Machine;
  readonly folder: Folder;
  readonly name: string;
  /** Null for a template that is not in a pool. */
  readonly pool: Pool | null;
  readonly host: Host;
  readonly datastore: Datastore;
  /** What is copied: the source as it is, or as a snapshot has frozen it. */
  readonly hardware: Hardware;
  readonly linked: boolean;
  readonly template: boolean;
  readonly powerOn: boolean;
  /** The configuration's changes, after those of the relocation. */
  readonly specs: readonly ConfigSpec[];
}

/** Throws InvalidArgument or ManagedObjectNotFound for what cannot be; names and room are the task's matter. */
export function readClone(world: World, { self, request }: MethodCall): ClonePlan {
  const source = world.named('MACHINE', self, '_this');
  if (!source.ready) throw notFoundObject(self);
  const spec = requireChild(request, 'spec');
  const location = requireChild(spec, 'location');
  const folder = machineFolder(world, refOf(location, 'folder') ?? requireRef(request, 'folder'), 'folder');
  const template = optionalBoolean(spec, 'template') ?? false;
  const pool = poolOf(world, source, location, template);
  if (pool) requireSameSite(world, folder, pool, 'spec.location.pool');
  const { host, datastore } = targetOf(world, source, location, pool);
  const snapshot = refOf(spec, 'snapshot');
  const linked = isLinked(location);
  if (linked && !snapshot) throw invalidArgument('spec.snapshot');
  const config = child(spec, 'config');
  return {
    source,
    folder,
    name: requireText(request, 'name'),
    pool,
    host,
    datastore,
    hardware: snapshot ? frozenOf(world, source, snapshot) : source.hardware,
    linked,
    template,
    powerOn: (optionalBoolean(spec, 'powerOn') ?? false) && !template,
    specs: [
      { ...readConfigSpec({ ...location, children: [] }), deviceChanges: readDeviceChanges(location) },
      ...(config ? [readConfigSpec(config)] : []),
    ],
  };
}

function poolOf(world: World, source: Machine, location: RequestElement, template: boolean): Pool | null {
  const named = refOf(location, 'pool');
  if (named) return world.named('POOL', named, 'spec.location.pool');
  if (source.pool !== null) return world.get('POOL', source.pool);
  if (template) return null;
  throw invalidArgument('spec.location.pool');
}

function targetOf(world: World, source: Machine, location: RequestElement, pool: Pool | null) {
  const wanted = refOf(location, 'host');
  const named = refOf(location, 'datastore');
  const alone = wanted ? world.named('HOST', wanted, 'spec.location.host') : world.get('HOST', source.host);
  const host = pool ? hostFor(world, pool, wanted, 'spec.location.host') : alone;
  const datastore = named
    ? world.named('DATASTORE', named, 'spec.location.datastore')
    : world.get('DATASTORE', source.datastore);
  requireReachable(host, datastore);
  return { host, datastore };
}

function isLinked(location: RequestElement): boolean {
  const types = [location, ...childrenOf(location, 'disk')].map((one) => textOf(one, 'diskMoveType')?.trim());
  return types.includes('createNewChildDiskBacking');
}

function frozenOf(world: World, source: Machine, ref: MoRef): Hardware {
  const { machine, snapshot } = world.snapshot(ref);
  if (machine !== source) throw invalidArgument('spec.snapshot');
  return snapshot.frozen;
}
