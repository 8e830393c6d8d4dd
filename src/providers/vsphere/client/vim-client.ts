import type { FollowOptions, ObjectUpdate, RetrievedObject } from './object-update';
import type { CallOptions, VimClientOptions } from './options';
import type { ServiceContent } from './schema/content';
import type { MethodName, Params, Result } from './schema/methods';
import type { ManagedType, PropertiesOf, PropertyPath } from './schema/properties';
import type { MoRef } from './schema/schema';

export declare class VimClient {
  constructor(options: VimClientOptions);
  content(call?: CallOptions): Promise<ServiceContent>;
  call<M extends MethodName>(
    method: M,
    self: MoRef,
    params: Params<M>,
    call?: CallOptions,
  ): Promise<Result<M>>;
  read<T extends ManagedType, P extends PropertyPath<T>>(
    ref: MoRef<T>,
    paths: readonly P[],
    call?: CallOptions,
  ): Promise<PropertiesOf<T, P> | null>;
  readMany<T extends ManagedType, P extends PropertyPath<T>>(
    refs: readonly MoRef<T>[],
    paths: readonly P[],
    call?: CallOptions,
  ): Promise<ReadonlyMap<string, PropertiesOf<T, P>>>;
  listContained<T extends ManagedType>(
    container: MoRef,
    type: T,
    call?: CallOptions,
  ): Promise<readonly MoRef<T>[]>;
  retrieveContained<T extends ManagedType, P extends PropertyPath<T>>(
    container: MoRef,
    type: T,
    paths: readonly P[],
    call?: CallOptions,
  ): AsyncIterable<RetrievedObject<T, P>>;
  follow<T extends ManagedType, P extends PropertyPath<T>>(
    options: FollowOptions<T, P>,
    signal: AbortSignal,
  ): AsyncIterable<readonly ObjectUpdate<T>[]>;
  close(): Promise<void>;
}
