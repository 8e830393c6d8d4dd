import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  ModifySubnetAttributeCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { publicId } from '../../../src/simulators/ec2/images/public-images';
import { stage } from './stage';
import type { Stage } from './stage';

const refusedWith = (name: string) => expect.objectContaining({ name });

describe('networks', () => {
  let at: Stage;

  beforeAll(async () => {
    at = await stage();
  });

  afterAll(() => at.close());

  async function newVpc(CidrBlock = '10.5.0.0/16'): Promise<string> {
    return (await at.client.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? '';
  }

  async function newSubnet(VpcId: string, CidrBlock: string): Promise<string> {
    const { Subnet } = await at.client.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
    return Subnet?.SubnetId ?? '';
  }

  it('begins with a default VPC that has a subnet in every zone', async () => {
    const Filters = [{ Name: 'is-default', Values: ['true'] }];
    const { Vpcs } = await at.client.send(new DescribeVpcsCommand({ Filters }));
    expect(Vpcs).toMatchObject([{ CidrBlock: '172.31.0.0/16', IsDefault: true, State: 'available' }]);
    const VpcId = [{ Name: 'vpc-id', Values: [Vpcs?.[0]?.VpcId ?? ''] }];
    const { Subnets } = await at.client.send(new DescribeSubnetsCommand({ Filters: VpcId }));
    expect(Subnets?.map((one) => [one.AvailabilityZone, one.AvailableIpAddressCount])).toEqual([
      ['eu-central-1a', 4091],
      ['eu-central-1b', 4091],
      ['eu-central-1c', 4091],
    ]);
  });

  it.each([
    ['10.0.0.0/15', 'InvalidVpc.Range'],
    ['10.0.0.0/29', 'InvalidVpc.Range'],
    ['10.0.0.256/24', 'InvalidParameterValue'],
    ['ten', 'InvalidParameterValue'],
  ])('makes no VPC of %s', async (cidr, code) => {
    await expect(newVpc(cidr)).rejects.toEqual(refusedWith(code));
  });

  it('keeps subnets within their VPC, and apart', async () => {
    const vpc = await newVpc();
    await newSubnet(vpc, '10.5.1.0/24');
    await expect(newSubnet(vpc, '10.5.1.128/25')).rejects.toEqual(refusedWith('InvalidSubnet.Conflict'));
    await expect(newSubnet(vpc, '10.5.0.0/16')).rejects.toEqual(refusedWith('InvalidSubnet.Conflict'));
    await expect(newSubnet(vpc, '10.6.1.0/24')).rejects.toEqual(refusedWith('InvalidSubnet.Range'));
    await expect(newSubnet(vpc, '10.5.2.0/29')).rejects.toEqual(refusedWith('InvalidSubnet.Range'));
    await expect(newSubnet('vpc-01234567', '10.5.2.0/24')).rejects.toEqual(
      refusedWith('InvalidVpcID.NotFound'),
    );
    await expect(newSubnet('10', '10.5.2.0/24')).rejects.toEqual(refusedWith('InvalidVpcId.Malformed'));
  });

  it('has no more addresses than its block', async () => {
    const SubnetId = await newSubnet(await newVpc(), '10.5.9.0/28');
    const launch = (count: number) =>
      at.client.send(
        new RunInstancesCommand({
          ImageId: publicId('ami', 'tiny-1.0-x86_64'),
          InstanceType: 't3.nano',
          MinCount: count,
          MaxCount: count,
          SubnetId,
        }),
      );
    const before = at.simulator.control.instances().length;
    await expect(launch(12)).rejects.toEqual(refusedWith('InsufficientFreeAddressesInSubnet'));
    expect(at.simulator.control.instances()).toHaveLength(before);
    const { Instances = [] } = await launch(11);
    expect(new Set(Instances.map(({ PrivateIpAddress }) => PrivateIpAddress)).size).toBe(11);
    await expect(launch(1)).rejects.toEqual(refusedWith('InsufficientFreeAddressesInSubnet'));
    const doomed = at.client.send(new DeleteSubnetCommand({ SubnetId }));
    await expect(doomed).rejects.toEqual(refusedWith('DependencyViolation'));
  });

  it('reaches the internet by a gateway and a route, and is taken down in order', async () => {
    const { client } = at;
    const VpcId = await newVpc();
    const SubnetId = await newSubnet(VpcId, '10.5.1.0/24');
    await client.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    const gateway = await client.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = gateway.InternetGateway?.InternetGatewayId ?? '';
    const table = await client.send(new CreateRouteTableCommand({ VpcId }));
    const RouteTableId = table.RouteTable?.RouteTableId ?? '';
    const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId };
    const early = client.send(new CreateRouteCommand(route));
    await expect(early).rejects.toEqual(refusedWith('InvalidParameterValue'));
    await client.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    const twice = client.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await expect(twice).rejects.toEqual(refusedWith('Resource.AlreadyAssociated'));
    await client.send(new CreateRouteCommand(route));
    const { AssociationId = '' } = await client.send(
      new AssociateRouteTableCommand({ RouteTableId, SubnetId }),
    );
    const Filters = [{ Name: 'association.subnet-id', Values: [SubnetId] }];
    const { RouteTables } = await client.send(new DescribeRouteTablesCommand({ Filters }));
    expect(RouteTables?.[0]?.Routes).toMatchObject([
      { DestinationCidrBlock: '10.5.0.0/16', GatewayId: 'local', State: 'active' },
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId, State: 'active' },
    ]);
    const violation = refusedWith('DependencyViolation');
    await expect(client.send(new DeleteVpcCommand({ VpcId }))).rejects.toEqual(violation);
    await expect(client.send(new DeleteRouteTableCommand({ RouteTableId }))).rejects.toEqual(violation);
    const attached = client.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    await expect(attached).rejects.toEqual(violation);
    await client.send(new DisassociateRouteTableCommand({ AssociationId }));
    await client.send(new DeleteRouteTableCommand({ RouteTableId }));
    await client.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await client.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    await client.send(new DeleteSubnetCommand({ SubnetId }));
    await client.send(new DeleteVpcCommand({ VpcId }));
    const gone = client.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
    await expect(gone).rejects.toEqual(refusedWith('InvalidVpcID.NotFound'));
    const { RouteTables: left } = await client.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
    );
    expect(left).toEqual([]);
  });

  it('lets through what its groups say, each rule once', async () => {
    const { client } = at;
    const VpcId = await newVpc();
    const group = { GroupName: 'web', Description: 'for the web', VpcId };
    const { GroupId = '' } = await client.send(new CreateSecurityGroupCommand(group));
    const duplicate = client.send(new CreateSecurityGroupCommand(group));
    await expect(duplicate).rejects.toEqual(refusedWith('InvalidGroup.Duplicate'));
    const IpPermissions = [
      {
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      },
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] },
    ];
    const authorize = new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions });
    const { SecurityGroupRules } = await client.send(authorize);
    expect(
      SecurityGroupRules?.map(({ CidrIpv4, CidrIpv6, ReferencedGroupInfo }) => {
        return CidrIpv4 ?? CidrIpv6 ?? ReferencedGroupInfo?.GroupId;
      }),
    ).toEqual(['0.0.0.0/0', '::/0', GroupId]);
    await expect(client.send(authorize)).rejects.toEqual(refusedWith('InvalidPermission.Duplicate'));
    const revoke = new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: IpPermissions.slice(1) });
    await client.send(revoke);
    await expect(client.send(revoke)).rejects.toEqual(refusedWith('InvalidPermission.NotFound'));
    const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
    expect(SecurityGroups?.[0]).toMatchObject({
      IpPermissions: [IpPermissions[0]],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    const inUse = client.send(new DeleteVpcCommand({ VpcId }));
    await expect(inUse).rejects.toEqual(refusedWith('DependencyViolation'));
    await client.send(new DeleteSecurityGroupCommand({ GroupId }));
    await client.send(new DeleteVpcCommand({ VpcId }));
  });
});
