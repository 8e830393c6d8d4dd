import { addForeignInstances } from '../instances/foreign-instances';
import { instanceActions } from '../instances/instance-actions';
import { LaunchFates } from '../instances/launch-fates';
import { passTime } from '../instances/transitions';
import { imageActions } from '../images/image-actions';
import { addPublicImages } from '../images/public-images';
import { keyPairActions } from '../key-pairs/key-pair-actions';
import { addDefaultNetwork } from '../networks/default-network';
import { internetGatewayActions } from '../networks/internet-gateways';
import { networkInterfaceActions } from '../networks/network-interfaces';
import { regionActions } from '../networks/regions';
import { routeTableActions } from '../networks/route-tables';
import { subnetActions } from '../networks/subnets';
import { vpcActions } from '../networks/vpcs';
import { securityGroupActions } from '../security-groups/group-actions';
import { tagActions } from '../tags/tag-actions';
import { typeActions } from '../types/type-actions';
import { snapshotActions } from '../volumes/snapshots';
import { volumeActions } from '../volumes/volume-actions';
import type { Actions } from './action';
import type { World } from './world';

/** What time does to the account, and every action there is. */
export function accountActions(world: World): { readonly actions: Actions; readonly fates: LaunchFates } {
  const fates = new LaunchFates(world);
  passTime(world);
  const actions: Actions = {
    ...instanceActions(world, fates),
    ...imageActions(world),
    ...typeActions(world),
    ...vpcActions(world),
    ...subnetActions(world),
    ...internetGatewayActions(world),
    ...routeTableActions(world),
    ...networkInterfaceActions(world),
    ...regionActions(world),
    ...securityGroupActions(world),
    ...keyPairActions(world),
    ...volumeActions(world),
    ...snapshotActions(world),
    ...tagActions(world),
  };
  return { actions, fates };
}

/** An account on its first day, with somebody else's instances in it. */
export function fillAccount(world: World): void {
  world.attempt(() => {
    addPublicImages(world);
    addDefaultNetwork(world);
    addForeignInstances(world);
  });
}
