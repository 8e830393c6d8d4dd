import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import { BackendDirectory } from './backend-directory';
import { BackendCapacity, BackendType, toBackendType } from './backend.type';

/** The API's view of one backend. */
export function backendType(directory: BackendDirectory, id: string): BackendType | null {
  const backend = directory.get(id);
  if (!backend) return null;
  const health = directory.healthOf(id);
  const capabilities = health.status === 'RETIRED' ? null : directory.require(id).provider.capabilities;
  return toBackendType(backend, health, capabilities);
}

@Resolver(() => BackendType)
export class BackendResolver {
  constructor(private readonly directory: BackendDirectory) {}

  @Query(() => [BackendType], { description: 'All backends, by name.' })
  backends(@Ctx() context: RequestContext): BackendType[] {
    requireScope(context);
    return this.directory.all().flatMap(({ id }) => backendType(this.directory, id) ?? []);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Product and version; null for anybody but an administrator, and before it has answered.',
  })
  version(@Root() backend: BackendType, @Ctx() context: RequestContext): string | null {
    return requireScope(context).isAdministrator ? (backend.probe?.version ?? null) : null;
  }

  @FieldResolver(() => BackendCapacity, {
    nullable: true,
    description: 'How large it is; null for anybody but an administrator, and before it has answered.',
  })
  capacity(@Root() backend: BackendType, @Ctx() context: RequestContext): BackendCapacity | null {
    return requireScope(context).isAdministrator ? (backend.probe?.capacity ?? null) : null;
  }
}
