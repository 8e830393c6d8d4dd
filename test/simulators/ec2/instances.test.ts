import {
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  DescribeInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { until } from '../../support/until';
import { stage } from './stage';
import type { Stage } from './stage';

describe('instances', () => {
  let at: Stage;
  let imageId: string;

  beforeAll(async () => {
    at = await stage();
    const images = await at.client.send(
      new DescribeImagesCommand({ Filters: [{ Name: 'name', Values: ['tiny-*-x86_64'] }] }),
    );
    imageId = images.Images?.[0]?.ImageId ?? '';
  });

  afterAll(() => at.close());

  async function run(more: Partial<RunInstancesCommandInput> = {}) {
    const input = { ImageId: imageId, InstanceType: 't3.nano' as const, MinCount: 1, MaxCount: 1, ...more };
    const { Instances = [] } = await at.client.send(new RunInstancesCommand(input));
    return Instances.map(({ InstanceId = '' }) => InstanceId);
  }

  async function describeOne(id: string) {
    const answer = await at.client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return answer.Reservations?.[0]?.Instances?.[0];
  }

  const reaches = (id: string, state: string) =>
    until(async () => (await describeOne(id))?.State?.Name === state);

  it('lives from pending to terminated', async () => {
    const vpc = await at.client.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
    const subnet = await at.client.send(
      new CreateSubnetCommand({ VpcId: vpc.Vpc?.VpcId ?? '', CidrBlock: '10.20.3.0/24' }),
    );
    const [id = ''] = await run({
      SubnetId: subnet.Subnet?.SubnetId,
      UserData: Buffer.from('#!/bin/sh').toString('base64'),
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'first <&> "one"' }] }],
    });
    expect(await describeOne(id)).toMatchObject({ PrivateIpAddress: '10.20.3.4', VpcId: vpc.Vpc?.VpcId });
    await reaches(id, 'running');
    expect((await describeOne(id))?.Tags).toEqual([{ Key: 'Name', Value: 'first <&> "one"' }]);
    const stopped = await at.client.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(stopped.StoppingInstances).toEqual([
      {
        InstanceId: id,
        CurrentState: { Code: 64, Name: 'stopping' },
        PreviousState: { Code: 16, Name: 'running' },
      },
    ]);
    await reaches(id, 'stopped');
    await at.client.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, 'running');
    await at.client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'k', Value: 'v' }] }));
    const found = await at.client.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: 'tag:k', Values: ['?'] },
          { Name: 'instance-state-name', Values: ['run*'] },
        ],
      }),
    );
    expect(found.Reservations?.map(({ Instances }) => Instances?.[0]?.InstanceId)).toEqual([id]);
    await at.client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, 'terminated');
  });

  it('has types to choose from', async () => {
    const types = await at.client.send(
      new DescribeInstanceTypesCommand({ InstanceTypes: ['t3.nano', 't4g.small'] }),
    );
    const facts = types.InstanceTypes?.map(({ InstanceType, VCpuInfo, MemoryInfo, ProcessorInfo }) => [
      InstanceType,
      VCpuInfo?.DefaultVCpus,
      MemoryInfo?.SizeInMiB,
      ProcessorInfo?.SupportedArchitectures,
    ]);
    expect(facts).toEqual([
      ['t3.nano', 2, 512, ['x86_64']],
      ['t4g.small', 2, 2048, ['arm64']],
    ]);
  });
});
