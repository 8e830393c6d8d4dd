import type { ManagedType, PropertiesOf, PropertyPath } from './schema/properties';
import type { MoRef } from './schema/schema';

/** An object with those of its properties that were asked for. */
export interface RetrievedObject<T extends ManagedType, P extends PropertyPath<T>> {
  readonly ref: MoRef<T>;
  readonly properties: PropertiesOf<T, P>;
}

/**
 * `enter` brings the object's properties and may come for an object that is known already; `modify` brings what has
 * changed; after `leave` it is gone from the container.
 */
export interface ObjectUpdate<T extends string = string> {
  readonly kind: 'enter' | 'modify' | 'leave';
  readonly ref: MoRef<T>;
  readonly changed: readonly PropertyChange[];
}

export interface PropertyChange {
  /** A path that was asked for, or one below it: `config.hardware` may be told as `config.hardware.numCPU`. */
  readonly path: string;
  /** Undefined where the property has been unset. */
  readonly value: unknown;
}

export interface FollowOptions<T extends ManagedType, P extends PropertyPath<T>> {
  readonly container: MoRef;
  readonly type: T;
  readonly paths: readonly P[];
  /** How long one wait may last on the server before it answers that nothing has changed. Default 60. */
  readonly maxWaitSeconds?: number | undefined;
}
