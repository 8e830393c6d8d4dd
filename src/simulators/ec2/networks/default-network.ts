import type { Subnet } from '../model/records';
import type { World } from '../model/world';
import { newVpc } from './new-vpc';
import { zonesOf } from './zones';

/** What every account begins with: a VPC with a gateway to the internet, and a subnet in every zone. */
export function addDefaultNetwork(world: World): void {
  const vpc = newVpc(world, { cidr: '172.31.0.0/16', isDefault: true, tags: [], tenancy: 'default' }, 0);
  const gateway = {
    id: world.newId('igw'),
    sequence: world.nextSequence(),
    due: null,
    tags: [],
    vpcId: vpc.id,
  };
  world.tables['internet-gateway'].put(gateway, 0);
  for (const table of world.tables['route-table'].all()) {
    const routes = [...table.routes, { destination: '0.0.0.0/0', gatewayId: gateway.id }];
    world.tables['route-table'].put({ ...table, routes }, 0);
  }
  for (const [index, zone] of zonesOf(world.options.region).entries()) {
    const subnet: Subnet = {
      id: world.newId('subnet'),
      sequence: world.nextSequence(),
      due: null,
      tags: [],
      vpcId: vpc.id,
      cidr: `172.31.${index * 16}.0/20`,
      zone,
      isDefault: true,
      mapPublicIpOnLaunch: true,
      state: 'available',
    };
    world.tables.subnet.put(subnet, 0);
  }
}
