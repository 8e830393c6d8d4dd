import { AppError, type Logger, type TenantScope } from '../kernel';

/**
 * Names one per-operation object, usually a DataLoader, and carries its type. The identity of the key is what
 * counts; `name` only helps whoever reads a debugger. Make one as a constant beside the loader it names.
 */
export class LoaderKey<T> {
  /** Never set: it only makes `LoaderKey<A>` and `LoaderKey<B>` different types. */
  declare readonly loads: T;

  constructor(readonly name: string) {}
}

/** What every resolver gets as its context: one per operation, so nothing in it outlives the operation. */
export interface RequestContext {
  /** On whose behalf the operation runs; null for a caller without a token. */
  readonly scope: TenantScope | null;
  /** Also stands in the log and in `extensions.requestId` of each error. */
  readonly requestId: string;
  /** Already carries the request id. */
  readonly logger: Logger;
  /**
   * The one object of this operation under that key; `make` is called at the first use only. DataLoaders go
   * through here, so that what one caller may see is never served from another one's cache.
   */
  loader<T>(key: LoaderKey<T>, make: () => T): T;
}

export interface RequestContextOptions {
  readonly scope: TenantScope | null;
  readonly requestId: string;
  /** Without the request id; the context adds it. */
  readonly logger: Logger;
  /** What every context holds under its key from the start. */
  readonly seeds?: ContextSeeds | undefined;
}

/** Objects that live longer than an operation and that a subscription needs before it has a resolver. */
export type ContextSeeds = ReadonlyMap<LoaderKey<unknown>, unknown>;

/** A new context with no loaders yet: one for each HTTP operation, one for each event of a subscription. */
export function createRequestContext(options: RequestContextOptions): RequestContext {
  // Most contexts of a subscription's start only ever look at the seeds, and they live as long as it does.
  let made: Map<LoaderKey<unknown>, unknown> | null = null;
  return {
    scope: options.scope,
    requestId: options.requestId,
    logger: options.logger.child({ requestId: options.requestId }),
    loader<T>(key: LoaderKey<T>, make: () => T): T {
      if (options.seeds?.has(key) === true) return options.seeds.get(key) as T;
      made ??= new Map();
      if (!made.has(key)) made.set(key, make());
      return made.get(key) as T;
    },
  };
}

/** The answer to a caller who shows no token where one is needed. */
export function tokenMissing(): AppError {
  return new AppError(
    'UNAUTHENTICATED',
    'This needs a token: send the header "Authorization: Bearer TOKEN".',
  );
}

/**
 * The scope of a caller who showed a token.
 * @throws UNAUTHENTICATED for an anonymous caller
 */
export function requireScope(context: RequestContext): TenantScope {
  if (context.scope === null) {
    throw tokenMissing();
  }
  return context.scope;
}
