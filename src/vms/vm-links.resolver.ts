import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgs, requireScope } from '../graphql';
import type { Connection, RequestContext } from '../graphql';
import { networkLoader, NetworkStore, NetworkType, toNetworkType } from '../networks';
import { TenantType } from '../tenants';
import { vmPage } from './vm-page';
import { VmService } from './vm.service';
import { VmConnection, VmNetworkType, VmType } from './vm.type';

/** Fields of nouns that come before VMs stand here, because those must not know of VMs. */
@Resolver(() => TenantType)
export class TenantVmsResolver {
  constructor(private readonly vms: VmService) {}

  @FieldResolver(() => VmConnection, { name: 'vms', description: 'Its VMs, oldest first.' })
  vmsPage(
    @Root() tenant: TenantType,
    @Ctx() context: RequestContext,
    @Args() args: PageArgs,
  ): Promise<Connection<VmType>> {
    return vmPage(this.vms.store, requireScope(context), { tenantId: tenant.id }, args, null);
  }
}

@Resolver(() => NetworkType)
export class NetworkVmsResolver {
  constructor(private readonly vms: VmService) {}

  @FieldResolver(() => VmConnection, { name: 'vms', description: 'The VMs with a card on it, oldest first.' })
  vmsPage(
    @Root() network: NetworkType,
    @Ctx() context: RequestContext,
    @Args() args: PageArgs,
  ): Promise<Connection<VmType>> {
    return vmPage(this.vms.store, requireScope(context), { networkId: network.id }, args, null);
  }
}

@Resolver(() => VmNetworkType)
export class VmNetworkResolver {
  constructor(private readonly networks: NetworkStore) {}

  @FieldResolver(() => NetworkType, { description: 'The network that the card is on.' })
  async network(@Root() nic: VmNetworkType, @Ctx() context: RequestContext): Promise<NetworkType> {
    const network = await networkLoader(context, this.networks).load(nic.networkId);
    if (!network) throw new Error(`Network ${nic.networkId} of a card is not recorded.`);
    return toNetworkType(network);
  }
}
