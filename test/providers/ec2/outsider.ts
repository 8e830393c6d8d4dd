import {
  DescribeInternetGatewaysCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { Ec2Simulator } from '../../../src/simulators/ec2/start';

/** What an account holds, counted by another client than the provider's. Nothing goes wrong meanwhile. */
export async function holdings(simulator: Ec2Simulator): Promise<Readonly<Record<string, number>>> {
  simulator.faults.clear();
  const { region = '', endpoint = '', accessKeyId = '', secretAccessKey = '' } = simulator.connection;
  const client = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
  try {
    const instances = await client.send(new DescribeInstancesCommand({}));
    const volumes = await client.send(new DescribeVolumesCommand({}));
    const keyPairs = await client.send(new DescribeKeyPairsCommand({}));
    const vpcs = await client.send(new DescribeVpcsCommand({}));
    const subnets = await client.send(new DescribeSubnetsCommand({}));
    const gateways = await client.send(new DescribeInternetGatewaysCommand({}));
    return {
      instances: (instances.Reservations ?? [])
        .flatMap(({ Instances = [] }) => Instances)
        .filter(({ State }) => State?.Name !== 'terminated').length,
      volumes: volumes.Volumes?.length ?? 0,
      keyPairs: keyPairs.KeyPairs?.length ?? 0,
      vpcs: vpcs.Vpcs?.length ?? 0,
      subnets: subnets.Subnets?.length ?? 0,
      gateways: gateways.InternetGateways?.length ?? 0,
    };
  } finally {
    client.destroy();
  }
}
