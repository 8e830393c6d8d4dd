import { createModel } from '../../../src/simulators/vsphere/model/create-model';
import type { Model, ModelEnvironment } from '../../../src/simulators/vsphere/model/create-model';
import { modelOptionsSchema } from '../../../src/simulators/vsphere/model/options';
import type { ModelInput } from '../../../src/simulators/vsphere/model/options';
import type { RequestElement } from '../../../src/simulators/vsphere/vim/element';
import type { MoRef, VimArray, VimStruct, VimValue } from '../../../src/simulators/vsphere/vim/values';
import { MemoryObjectStore } from '../../../src/simulators/vsphere/objects/memory-object-store';

/** Arguments as a client thinks of them: `$type` becomes `xsi:type`, a list repeated elements. */
export type Argument =
  string | number | boolean | MoRef | { readonly [field: string]: Argument } | readonly Argument[];

export interface TaskEnd {
  readonly state: string;
  readonly result?: MoRef;
  /** The type of the task's fault. */
  readonly fault?: string;
  readonly info: VimStruct;
}

/** A model over a plain store, with what a client does to it. */
export class ModelHarness {
  private constructor(
    readonly store: MemoryObjectStore,
    readonly model: Model,
  ) {}

  static start(options: ModelInput = {}, environment: ModelEnvironment = {}): ModelHarness {
    const store = new MemoryObjectStore();
    const quick = { taskMs: 0, guestBootMs: 0, guestShutdownMs: 0 };
    const parsed = modelOptionsSchema.parse({ ...quick, ...options });
    return new ModelHarness(store, createModel(store, parsed, environment));
  }

  call(self: MoRef, method: string, args: Readonly<Record<string, Argument>> = {}): unknown {
    const types = [self.$ref, ...(BASES[self.$ref] ?? [])];
    const table = types
      .map((type) => this.model.methods.find((one) => one.type === type && method in one.methods))
      .find(Boolean);
    const implementation = table?.methods[method];
    if (!implementation) throw new Error(`${self.$ref} has no ${method}.`);
    const request = elements(method, args)[0]!;
    const signal = new AbortController().signal;
    return implementation({ method, self, request, store: this.store, sessionKey: 'test', signal });
  }

  /** Calls a `…_Task` method and waits for the task's end. */
  async run(self: MoRef, method: string, args: Readonly<Record<string, Argument>> = {}): Promise<TaskEnd> {
    return this.end(this.call(self, method, args) as MoRef);
  }

  async end(task: MoRef): Promise<TaskEnd> {
    await this.until(() => ['success', 'error'].includes(String(this.read(task, 'info.state'))));
    const info = this.store.read(task, 'info') as VimStruct;
    const fault = (info['error'] as VimStruct | undefined)?.['fault'] as VimStruct | undefined;
    return {
      state: String(this.read(task, 'info.state')),
      info,
      ...(info['result'] ? { result: info['result'] as MoRef } : {}),
      ...(fault ? { fault: fault.$type } : {}),
    };
  }

  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.store.onChange(() => {
        if (!holds()) return;
        stop();
        resolve();
      });
    });
  }

  /** A plain value: what is in an enumeration, a long or a list. */
  read(ref: MoRef, path: string): unknown {
    return plain(this.store.read(ref, path));
  }

  named(type: string, name: string): MoRef {
    const found = this.store.ofType(type).find((one) => one.properties.get('name') === name);
    if (!found) throw new Error(`There is no ${type} ${name}.`);
    return found.ref;
  }

  devices(machine: MoRef, type: string): VimStruct[] {
    const all = this.store.read(machine, 'config.hardware.device') as VimArray;
    return (all.items as VimStruct[]).filter((device) => device.$type === type);
  }

  close(): Promise<void> {
    return this.model.close();
  }
}

const ENTITY = ['ManagedEntity'];
const BASES: Readonly<Record<string, string[]>> = {
  VirtualMachine: ENTITY,
  Folder: ENTITY,
  ResourcePool: ENTITY,
  VmwareDistributedVirtualSwitch: ['DistributedVirtualSwitch', ...ENTITY],
  DistributedVirtualPortgroup: ['Network', ...ENTITY],
};

/** The type of the SOAP fault that a call ends with. */
export function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as { fault: VimStruct }).fault.$type;
  }
  return 'none';
}

export function plain(value: VimValue | undefined): unknown {
  if (typeof value !== 'object' || value instanceof Date) return value;
  if ('$scalar' in value) return (value as { value: unknown }).value;
  if ('$array' in value) return (value as VimArray).items.map(plain);
  return value;
}

function elements(name: string, value: Argument): RequestElement[] {
  const bare = { name, xsiType: null, refType: null, text: '', children: [] };
  if (typeof value !== 'object') return [{ ...bare, text: String(value) }];
  if (Array.isArray(value)) return value.flatMap((one: Argument) => elements(name, one));
  if ('$ref' in value) return [{ ...bare, refType: (value as MoRef).$ref, text: (value as MoRef).value }];
  const { $type, ...fields } = value as Readonly<Record<string, Argument>>;
  const children = Object.entries(fields).flatMap(([field, one]) => elements(field, one));
  return [{ ...bare, xsiType: typeof $type === 'string' ? $type : null, children }];
}
