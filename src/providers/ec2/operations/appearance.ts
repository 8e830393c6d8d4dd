import type { CallContext } from '../../contract';
import type { Ec2Account } from '../account';
import { filter } from '../map-marker';
import type { Pieces } from './stored';

/** Whether EC2 shows all of what it has made, so that it can be referred to. */
export async function isThere(
  { line }: Ec2Account,
  { vpcs = [], subnets = [], gateways = [], groups = [], keyPairs = [] }: Pieces,
  { signal }: CallContext,
): Promise<boolean> {
  const counts = await Promise.all([
    count(vpcs, async (ids) => {
      const input = { Filters: [filter('vpc-id', ...ids)] };
      const answer = await line.send(signal, (sdk) => new sdk.DescribeVpcsCommand(input));
      // One that is being made is not ready to hold anything.
      return (answer.Vpcs ?? []).filter(({ State }) => State === 'available').length;
    }),
    count(subnets, async (ids) => {
      const input = { Filters: [filter('subnet-id', ...ids)] };
      const answer = await line.send(signal, (sdk) => new sdk.DescribeSubnetsCommand(input));
      return answer.Subnets?.filter(({ State }) => State === 'available').length;
    }),
    count(gateways, async (ids) => {
      const input = { Filters: [filter('internet-gateway-id', ...ids)] };
      const answer = await line.send(signal, (sdk) => new sdk.DescribeInternetGatewaysCommand(input));
      return answer.InternetGateways?.length;
    }),
    count(groups, async (ids) => {
      const input = { Filters: [filter('group-id', ...ids)] };
      const answer = await line.send(signal, (sdk) => new sdk.DescribeSecurityGroupsCommand(input));
      return answer.SecurityGroups?.length;
    }),
    count(keyPairs, async (names) => {
      const input = { Filters: [filter('key-name', ...names)] };
      const answer = await line.send(signal, (sdk) => new sdk.DescribeKeyPairsCommand(input));
      return answer.KeyPairs?.length;
    }),
  ]);
  return counts.every((isComplete) => isComplete);
}

async function count(
  ids: readonly string[],
  ask: (ids: readonly string[]) => Promise<number | undefined>,
): Promise<boolean> {
  return ids.length === 0 || (await ask(ids)) === ids.length;
}
