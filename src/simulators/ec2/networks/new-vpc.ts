import type { SecurityGroup, Tag, Vpc } from '../model/records';
import type { World } from '../model/world';

/** A VPC with what none is ever without: its main route table and its default security group. */
export function newVpc(
  world: World,
  { cidr, isDefault, tags, tenancy }: Pick<Vpc, 'cidr' | 'isDefault' | 'tags' | 'tenancy'>,
  at: number,
): Vpc {
  const base = { due: null, tags: [] as readonly Tag[] };
  const vpc: Vpc = {
    ...base,
    id: world.newId('vpc'),
    sequence: world.nextSequence(),
    tags,
    cidr,
    isDefault,
    tenancy,
    enableDnsSupport: true,
    enableDnsHostnames: isDefault,
    state: 'available',
  };
  world.tables.vpc.put(vpc, at);
  const routeTable = {
    ...base,
    id: world.newId('rtb'),
    sequence: world.nextSequence(),
    vpcId: vpc.id,
    routes: [{ destination: cidr, gatewayId: null }],
    associations: [{ id: world.newId('rtbassoc'), subnetId: null }],
  };
  world.tables['route-table'].put(routeTable, at);
  world.tables['security-group'].put(defaultGroup(world, vpc.id), at);
  return vpc;
}

/** Its members reach each other and, as from every new group, the world. */
function defaultGroup(world: World, vpcId: string): SecurityGroup {
  const id = world.newId('sg');
  const all = { protocol: '-1', fromPort: null, toPort: null, description: null };
  return {
    id,
    sequence: world.nextSequence(),
    due: null,
    tags: [],
    vpcId,
    name: 'default',
    description: 'default VPC security group',
    rules: [
      { ...all, id: world.newId('sgr'), isEgress: false, peer: { kind: 'groupId', value: id } },
      { ...all, id: world.newId('sgr'), isEgress: true, peer: { kind: 'cidrIpv4', value: '0.0.0.0/0' } },
    ],
  };
}
