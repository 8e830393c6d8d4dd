import type { InternetGateway } from '@aws-sdk/client-ec2';
import type { CallContext } from '../../contract';
import type { Ec2Account } from '../account';
import { isFault } from '../client';
import { stillBusy } from '../errors';
import { filter } from '../map-marker';

interface Parts {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly gatewayId: string;
}

/** Lets a subnet's VMs reach out, each by a public address of its own that EC2 translates. Repeatable. */
export async function connectOutwards(
  { line }: Ec2Account,
  { vpcId, subnetId, gatewayId }: Parts,
  known: readonly InternetGateway[],
  { signal }: CallContext,
): Promise<void> {
  const isAttached = known.some(({ Attachments = [] }) => Attachments.some((each) => each.VpcId === vpcId));
  if (!isAttached) {
    const attachment = { InternetGatewayId: gatewayId, VpcId: vpcId };
    await repeatable(['Resource.AlreadyAssociated'], () =>
      line.send(signal, (sdk) => new sdk.AttachInternetGatewayCommand(attachment)),
    );
  }
  const tables = { Filters: [filter('vpc-id', vpcId), filter('association.main', 'true')] };
  const found = await line.send(signal, (sdk) => new sdk.DescribeRouteTablesCommand(tables));
  const RouteTableId = found.RouteTables?.[0]?.RouteTableId;
  // Made with the VPC, and not shown yet.
  if (RouteTableId === undefined) throw stillBusy();
  const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gatewayId };
  await repeatable(['RouteAlreadyExists'], () =>
    line.send(signal, (sdk) => new sdk.CreateRouteCommand(route)),
  );
  const addresses = { SubnetId: subnetId, MapPublicIpOnLaunch: { Value: true } };
  await line.send(signal, (sdk) => new sdk.ModifySubnetAttributeCommand(addresses));
}

/** @param codes by which EC2 says that it was done before */
async function repeatable(codes: readonly string[], request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!isFault(error, ...codes)) throw error;
  }
}
