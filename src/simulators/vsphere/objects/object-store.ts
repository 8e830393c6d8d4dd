import type { MoRef, VimValue } from '../vim/values';

/** A managed object: a reference and its properties by their top-level names (`name`, `config`, `runtime` …). */
export interface ManagedObject {
  readonly ref: MoRef;
  readonly properties: ReadonlyMap<string, VimValue>;
}

export type ObjectChange =
  | { readonly kind: 'ENTER'; readonly ref: MoRef }
  | { readonly kind: 'LEAVE'; readonly ref: MoRef }
  /** `paths` as they were given to `update`, for example `runtime.powerState`. */
  | { readonly kind: 'MODIFY'; readonly ref: MoRef; readonly paths: readonly string[] };

/**
 * All managed objects, and what happened to them: each change has the next number, and the collectors ask for what
 * happened since the number that they know.
 */
export interface ObjectStore {
  /** The number of the last change. */
  readonly version: number;
  /** A new reference such as `vm-60`. Never given out twice, also not after a restart from the state file. */
  newRef(type: string, prefix: string): MoRef;
  add(ref: MoRef, properties: Readonly<Record<string, VimValue | undefined>>): ManagedObject;
  get(ref: MoRef): ManagedObject | null;
  /** Every object of a type, in the order of their making. */
  ofType(type: string): readonly ManagedObject[];
  /** The value at a path such as `config.hardware.numCPU` or `config.extraConfig["key"]`; undefined when unset. */
  read(ref: MoRef, path: string): VimValue | undefined;
  /** Sets the values at these paths; undefined unsets. One change, told to `onChange` once. */
  update(ref: MoRef, values: Readonly<Record<string, VimValue | undefined>>): void;
  remove(ref: MoRef): void;
  /** Null when `version` lies further back than the changes that are kept: the collector has to start anew. */
  changesSince(version: number): readonly ObjectChange[] | null;
  /** Calls back after every change until the returned function is called. */
  onChange(listener: () => void): () => void;
}
