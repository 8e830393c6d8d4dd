import { isRelated } from '../objects/property-path';
import type { ObjectChange, ObjectStore } from '../objects/object-store';
import { isA, typesOf } from '../vim/managed-types';
import { refKey, refsIn } from '../vim/value-kinds';
import { array } from '../vim/values';
import type { MoRef, VimValue } from '../vim/values';
import { LiveView } from './live-view';

/** The properties that say what an object lies in; the last two are a VM's. */
const UPWARD_PATHS = ['parent', 'resourcePool', 'runtime.host'] as const;

export interface ContainerViewSpec {
  readonly container: MoRef;
  /** Empty for all types. */
  readonly types: readonly string[];
  /** Or only what lies in the container itself. */
  readonly recursive: boolean;
}

/** The objects below a folder, a datacenter, a cluster, a host or a pool. */
export class ContainerView extends LiveView {
  constructor(
    ref: MoRef,
    store: ObjectStore,
    private readonly spec: ContainerViewSpec,
  ) {
    super(ref, store);
  }

  protected describe(): readonly (readonly [string, VimValue])[] {
    const { container, types, recursive } = this.spec;
    return [
      ['container', container],
      ['type', array('xsd:string', types)],
      ['recursive', recursive],
    ];
  }

  protected *select(): Iterable<MoRef> {
    const known = new Map<string, boolean>();
    for (const type of typesOf('ManagedEntity')) {
      if (!this.isWanted(type)) continue;
      for (const { ref } of this.store.ofType(type)) if (this.isBelow(ref, known)) yield ref;
    }
  }

  protected absorb(change: ObjectChange): boolean {
    const { ref } = change;
    if (change.kind === 'LEAVE') {
      this.drop(ref);
      return true;
    }
    const hasMoved =
      change.kind === 'ENTER' || change.paths.some((path) => UPWARD_PATHS.some((up) => isRelated(path, up)));
    if (!hasMoved) return true;
    // What moves takes along what is in it. What is new has nothing in it that has not moved or entered itself.
    if (change.kind === 'MODIFY' && mayContain(ref)) return false;
    if (this.isWanted(ref.$ref) && this.isBelow(ref, new Map())) this.put(ref);
    else this.drop(ref);
    return true;
  }

  private isWanted(type: string): boolean {
    const { types } = this.spec;
    return types.length === 0 ? isA(type, 'ManagedEntity') : types.some((wanted) => isA(type, wanted));
  }

  /** @param known what was found out about containers on the way */
  private isBelow(ref: MoRef, known: Map<string, boolean>): boolean {
    const { container, recursive } = this.spec;
    return this.above(ref).some((one) => {
      if (one.value === container.value && one.$ref === container.$ref) return true;
      if (!recursive) return false;
      const key = refKey(one);
      const isBelow = known.get(key) ?? this.isBelow(one, known.set(key, false));
      known.set(key, isBelow);
      return isBelow;
    });
  }

  private above(ref: MoRef): readonly MoRef[] {
    const paths = ref.$ref === 'VirtualMachine' ? UPWARD_PATHS : (['parent'] as const);
    return paths.flatMap((path) => refsIn(this.store.read(ref, path)));
  }
}

function mayContain(ref: MoRef): boolean {
  return ref.$ref !== 'VirtualMachine' && !isA(ref.$ref, 'Network') && ref.$ref !== 'Datastore';
}

const CONTAINERS = ['Folder', 'Datacenter', 'ComputeResource', 'ResourcePool', 'HostSystem'];

export function isContainer(ref: MoRef): boolean {
  return CONTAINERS.some((type) => isA(ref.$ref, type));
}
