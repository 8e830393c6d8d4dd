import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { BackendDirectory, BackendType, backendType } from '../backends';
import { idConnection, PageArgs, requireScope } from '../graphql';
import type { Connection, RequestContext } from '../graphql';
import { toTaskType } from '../tasks';
import { tenantLoader, TenantStore, TenantType, toTenantType } from '../tenants';
import type { NetworkAndTask } from './network.service';
import { NetworkService } from './network.service';
import {
  CreateNetworkInput,
  CreateNetworkPayload,
  DeleteNetworkInput,
  DeleteNetworkPayload,
  NetworkConnection,
  NetworkFilter,
  NetworkType,
  toNetworkType,
} from './network.type';

@ArgsType()
class NetworksArgs extends PageArgs {
  @Field(() => NetworkFilter, {
    nullable: true,
    description: 'Which networks; all that are not deleted when absent.',
  })
  filter?: NetworkFilter | null;
}

function toPayload({ network, task }: NetworkAndTask): CreateNetworkPayload & DeleteNetworkPayload {
  return { network: toNetworkType(network), task: toTaskType(task) };
}

@Resolver(() => NetworkType)
export class NetworkResolver {
  constructor(
    private readonly networks: NetworkService,
    private readonly tenants: TenantStore,
    private readonly backends: BackendDirectory,
  ) {}

  @Query(() => NetworkConnection, { name: 'networks', description: 'Networks, oldest first.' })
  async networksPage(
    @Ctx() context: RequestContext,
    @Args() { filter, ...args }: NetworksArgs,
  ): Promise<Connection<NetworkType>> {
    const scope = requireScope(context);
    const { store } = this.networks;
    const { reader } = store.database;
    const query = {
      name: filter?.name ?? undefined,
      backendId: filter?.backend ? this.backends.resolveId(filter.backend, 'filter.backend') : undefined,
      tenantId: filter?.tenantId ?? undefined,
      statuses: filter?.status ?? undefined,
    };
    return idConnection(args, {
      list: (page) => store.list(reader, scope, query, page),
      count: () => store.count(reader, scope, query),
      toNode: toNetworkType,
    });
  }

  @Mutation(() => CreateNetworkPayload, {
    description:
      'Creates a network for a tenant. For operators. UNSUPPORTED when the backend has no such mode.',
  })
  async createNetwork(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateNetworkInput, { description: 'The network to create.' })
    input: CreateNetworkInput,
  ): Promise<CreateNetworkPayload> {
    return toPayload(
      await this.networks.create(requireScope(context), {
        tenantId: input.tenantId ?? null,
        backend: input.backend,
        name: input.name,
        cidr: input.cidr,
        mode: input.mode,
        idempotencyKey: input.idempotencyKey ?? null,
      }),
    );
  }

  @Mutation(() => DeleteNetworkPayload, {
    description: 'Deletes a network that no VM uses. For operators. FAILED_PRECONDITION while VMs are on it.',
  })
  async deleteNetwork(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeleteNetworkInput, { description: 'Which network.' }) input: DeleteNetworkInput,
  ): Promise<DeleteNetworkPayload> {
    return toPayload(await this.networks.delete(requireScope(context), input));
  }

  @FieldResolver(() => TenantType, { description: 'The tenant that owns it.' })
  async tenant(@Root() network: NetworkType, @Ctx() context: RequestContext): Promise<TenantType> {
    const tenant = await tenantLoader(context, this.tenants).load(network.tenantId);
    if (!tenant) throw new Error(`The tenant of network ${network.id} is not recorded.`);
    return toTenantType(tenant);
  }

  @FieldResolver(() => BackendType, { description: 'The backend that it is on.' })
  backend(@Root() network: NetworkType): BackendType {
    const backend = backendType(this.backends, network.backendId);
    if (!backend) throw new Error(`The backend of network ${network.id} is not recorded.`);
    return backend;
  }
}
