import {
  CreateImageCommand,
  CreateKeyPairCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  DeleteKeyPairCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVolumesModificationsCommand,
  GetConsoleOutputCommand,
  ImportKeyPairCommand,
  ModifyInstanceAttributeCommand,
  ModifyVolumeCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstanceTypes,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { createHash } from 'node:crypto';
import { publicId } from '../../../src/simulators/ec2/images/public-images';
import { until } from '../../support/until';
import { stage } from './stage';
import type { Stage } from './stage';

const ImageId = publicId('ami', 'debian-12-amd64-20260101-1978');
const ONE = { ImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1 } as const;
const refusedWith = (name: string) => expect.objectContaining({ name });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('machines and what belongs to them', () => {
  let at: Stage;

  beforeAll(async () => {
    at = await stage();
  });

  afterAll(() => at.close());

  async function run(more: Partial<RunInstancesCommandInput> = {}) {
    const { Instances = [] } = await at.client.send(new RunInstancesCommand({ ...ONE, ...more }));
    return Instances[0]?.InstanceId ?? '';
  }

  async function find(id: string) {
    const { Reservations } = await at.client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0];
  }

  const reaches = (id: string, state: string) => until(async () => (await find(id))?.State?.Name === state);

  async function volumeOf(id: string): Promise<string> {
    return (await find(id))?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId ?? '';
  }

  it.each<[string, Partial<RunInstancesCommandInput>, string]>([
    ['an unknown image', { ImageId: 'ami-01234567' }, 'InvalidAMIID.NotFound'],
    ['what is no image', { ImageId: 'debian' }, 'InvalidAMIID.Malformed'],
    ['an unknown type', { InstanceType: 't9.huge' as never }, 'InvalidParameterValue'],
    ['a type of another architecture', { InstanceType: 't4g.nano' }, 'InvalidParameterValue'],
    ['an unknown key', { KeyName: 'nobody' }, 'InvalidKeyPair.NotFound'],
    ['an unknown subnet', { SubnetId: 'subnet-01234567' }, 'InvalidSubnetID.NotFound'],
    ['an unknown group', { SecurityGroupIds: ['sg-01234567'] }, 'InvalidGroup.NotFound'],
    ['more than can be', { MinCount: 2, MaxCount: 1 }, 'InvalidParameterValue'],
    ['too much user data', { UserData: base64('x'.repeat(16_385)) }, 'InvalidParameterValue'],
    ['user data that is no base64', { UserData: 'ü' }, 'InvalidParameterValue'],
    [
      'a disk smaller than its image',
      { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 7 } }] },
      'InvalidBlockDeviceMapping',
    ],
    [
      'no root disk',
      { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', NoDevice: '' }] },
      'InvalidBlockDeviceMapping',
    ],
    [
      'both kinds of network',
      { SubnetId: 'subnet-01234567', NetworkInterfaces: [{ DeviceIndex: 0 }] },
      'InvalidParameterCombination',
    ],
    [
      'tags of something else',
      { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }] },
      'InvalidParameterValue',
    ],
    [
      'tags that are reserved',
      { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'aws:a', Value: 'b' }] }] },
      'InvalidParameterValue',
    ],
  ])('are not launched with %s', async (_what, more, code) => {
    await expect(run(more)).rejects.toEqual(refusedWith(code));
    await expect(run({ ...more, DryRun: true })).rejects.toEqual(refusedWith(code));
  });

  it('are only tried when it is a dry run', async () => {
    const before = at.simulator.control.instances().length;
    await expect(run({ DryRun: true })).rejects.toEqual(refusedWith('DryRunOperation'));
    expect(at.simulator.control.instances()).toHaveLength(before);
  });

  it('change their size only when they are stopped', async () => {
    const id = await run({ UserData: base64('first') });
    const resize = new ModifyInstanceAttributeCommand({
      InstanceId: id,
      InstanceType: { Value: 't3.large' },
    });
    const start = new StartInstancesCommand({ InstanceIds: [id] });
    const stop = new StopInstancesCommand({ InstanceIds: [id] });
    await reaches(id, 'running');
    await expect(at.client.send(resize)).rejects.toEqual(refusedWith('IncorrectInstanceState'));
    await at.client.send(stop);
    await reaches(id, 'stopped');
    const reboot = at.client.send(new RebootInstancesCommand({ InstanceIds: [id] }));
    await expect(reboot).rejects.toEqual(refusedWith('IncorrectInstanceState'));
    await at.client.send(resize);
    const userData = { InstanceId: id, UserData: { Value: Buffer.from('second') } };
    await at.client.send(new ModifyInstanceAttributeCommand(userData));
    await at.client.send(start);
    await reaches(id, 'running');
    const attribute = { InstanceId: id, Attribute: 'userData' } as const;
    const { UserData } = await at.client.send(new DescribeInstanceAttributeCommand(attribute));
    expect([(await find(id))?.InstanceType, UserData?.Value]).toEqual(['t3.large', base64('second')]);
    const two = { InstanceId: id, EbsOptimized: { Value: true }, DisableApiStop: { Value: true } };
    const both = at.client.send(new ModifyInstanceAttributeCommand(two));
    await expect(both).rejects.toEqual(refusedWith('InvalidParameterCombination'));
  });

  it('are protected from termination, all or none of them', async () => {
    const ids = [await run(), await run({ DisableApiTermination: true })];
    const terminate = new TerminateInstancesCommand({ InstanceIds: ids });
    await expect(at.client.send(terminate)).rejects.toEqual(refusedWith('OperationNotPermitted'));
    expect((await find(ids[0]!))?.State?.Name).toMatch(/pending|running/);
    const free = { InstanceId: ids[1]!, DisableApiTermination: { Value: false } };
    await at.client.send(new ModifyInstanceAttributeCommand(free));
    await at.client.send(terminate);
    await reaches(ids[1]!, 'terminated');
    const again = await at.client.send(terminate);
    expect(again.TerminatingInstances?.[1]?.CurrentState).toEqual({ Code: 48, Name: 'terminated' });
    const start = at.client.send(new StartInstancesCommand({ InstanceIds: ids }));
    await expect(start).rejects.toEqual(refusedWith('IncorrectInstanceState'));
  });

  it('boot, and say so on their console', async () => {
    const id = await run();
    await until(async () => {
      const status = await at.client.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
      return status.InstanceStatuses?.[0]?.InstanceStatus?.Status === 'ok';
    });
    const { Output = '' } = await at.client.send(new GetConsoleOutputCommand({ InstanceId: id }));
    expect(Buffer.from(Output, 'base64').toString()).toContain('login:');
  });

  it('have volumes that grow, and go with them', async () => {
    const id = await run();
    await reaches(id, 'running');
    const VolumeId = await volumeOf(id);
    const resize = (Size: number) => at.client.send(new ModifyVolumeCommand({ VolumeId, Size }));
    await expect(resize(4)).rejects.toEqual(refusedWith('InvalidParameterValue'));
    const unmodified = at.client.send(new DescribeVolumesModificationsCommand({ VolumeIds: [VolumeId] }));
    await expect(unmodified).rejects.toEqual(refusedWith('InvalidVolumeModification.NotFound'));
    const { VolumeModification } = await resize(30);
    expect(VolumeModification).toMatchObject({
      ModificationState: 'modifying',
      OriginalSize: 8,
      TargetSize: 30,
    });
    await until(async () => {
      const all = await at.client.send(new DescribeVolumesModificationsCommand({ VolumeIds: [VolumeId] }));
      return all.VolumesModifications?.[0]?.ModificationState === 'completed';
    });
    const describe = new DescribeVolumesCommand({ VolumeIds: [VolumeId] });
    expect((await at.client.send(describe)).Volumes).toMatchObject([{ Size: 30, State: 'in-use' }]);
    await at.client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, 'terminated');
    await expect(at.client.send(describe)).rejects.toEqual(refusedWith('InvalidVolume.NotFound'));
  });

  it('become images, whose snapshots stay in use', async () => {
    const id = await run();
    await reaches(id, 'running');
    const own = { InstanceId: id, Name: 'own image', NoReboot: true };
    const image = await at.client.send(new CreateImageCommand(own));
    const twin = at.client.send(new CreateImageCommand(own));
    await expect(twin).rejects.toEqual(refusedWith('InvalidAMIName.Duplicate'));
    const describe = new DescribeImagesCommand({ Owners: ['self'] });
    const ready = await until(
      () => at.client.send(describe),
      ({ Images }) => Images?.[0]?.State === 'available',
    );
    const SnapshotId = ready.Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
    const remove = new DeleteSnapshotCommand({ SnapshotId });
    await expect(at.client.send(remove)).rejects.toEqual(refusedWith('InvalidSnapshot.InUse'));
    const copy = await run({ ImageId: image.ImageId! });
    await at.client.send(new DeregisterImageCommand({ ImageId: image.ImageId! }));
    await at.client.send(remove);
    expect((await find(copy))?.ImageId).toBe(image.ImageId);
    const foreign = at.client.send(new DeregisterImageCommand({ ImageId }));
    await expect(foreign).rejects.toEqual(refusedWith('AuthFailure'));
    const VolumeId = await volumeOf(id);
    await at.client.send(new CreateSnapshotCommand({ VolumeId }));
    await until(async () => {
      const Filters = [{ Name: 'volume-id', Values: [VolumeId] }];
      const { Snapshots } = await at.client.send(
        new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }),
      );
      return Snapshots?.length === 1 && Snapshots[0]?.State === 'completed';
    });
  });

  it('have to wait for an image, and for a volume that grows', async () => {
    const slow = await stage({ vms: 1, operationMs: 600_000 });
    try {
      const [foreign] = slow.simulator.control.instances();
      const own = { InstanceId: foreign?.id ?? '', Name: 'own image' };
      const { ImageId: imageId = '' } = await slow.client.send(new CreateImageCommand(own));
      const early = slow.client.send(new RunInstancesCommand({ ...ONE, ImageId: imageId }));
      await expect(early).rejects.toEqual(refusedWith('InvalidAMIID.Unavailable'));
      const resize = new ModifyVolumeCommand({ VolumeId: foreign?.volumes[0]?.volumeId ?? '', Size: 30 });
      await slow.client.send(resize);
      await expect(slow.client.send(resize)).rejects.toEqual(refusedWith('IncorrectModificationState'));
    } finally {
      await slow.close();
    }
  });

  it('have keys', async () => {
    const made = await at.client.send(new CreateKeyPairCommand({ KeyName: 'made' }));
    expect(made.KeyMaterial).toContain('PRIVATE KEY');
    const again = at.client.send(new CreateKeyPairCommand({ KeyName: 'made' }));
    await expect(again).rejects.toEqual(refusedWith('InvalidKeyPair.Duplicate'));
    const describe = new DescribeKeyPairsCommand({ KeyNames: ['made'], IncludePublicKey: true });
    const PublicKey = (await at.client.send(describe)).KeyPairs?.[0]?.PublicKey ?? '';
    const imported = { KeyName: 'imported', PublicKeyMaterial: Buffer.from(`${PublicKey} me@home`) };
    await at.client.send(new ImportKeyPairCommand(imported));
    const blob = Buffer.concat([
      Buffer.from([0, 0, 0, 11]),
      Buffer.from('ssh-ed25519'),
      Buffer.from([0, 0, 0, 32]),
      Buffer.alloc(32, 7),
    ]).toString('base64');
    const curve = { KeyName: 'curve', PublicKeyMaterial: Buffer.from(`ssh-ed25519 ${blob}`) };
    const { KeyFingerprint } = await at.client.send(new ImportKeyPairCommand(curve));
    const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
    expect(KeyFingerprint).toBe(hash);
    const bad = { KeyName: 'bad', PublicKeyMaterial: Buffer.from(`ssh-rsa ${blob}`) };
    await expect(at.client.send(new ImportKeyPairCommand(bad))).rejects.toEqual(
      refusedWith('InvalidKey.Format'),
    );
    const id = await run({ KeyName: 'imported' });
    expect((await find(id))?.KeyName).toBe('imported');
    await at.client.send(new DeleteKeyPairCommand({ KeyName: 'made' }));
    await at.client.send(new DeleteKeyPairCommand({ KeyName: 'made' }));
    await expect(at.client.send(describe)).rejects.toEqual(refusedWith('InvalidKeyPair.NotFound'));
  });

  it('have tags that come and go, at most 50', async () => {
    const id = await run();
    const Tags = Array.from({ length: 50 }, (_none, index) => ({
      Key: `k${index}`,
      Value: `${index}\u0000\u{1F600}`,
    }));
    await at.client.send(new CreateTagsCommand({ Resources: [id], Tags }));
    const more = at.client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'x', Value: '' }] }));
    await expect(more).rejects.toEqual(refusedWith('TagLimitExceeded'));
    const kept = { Key: 'k7', Value: 'another' };
    const doomed = [
      ...Tags.slice(0, 7).map(({ Key }) => ({ Key })),
      ...Tags.slice(8).map(({ Key }) => ({ Key })),
      kept,
    ];
    await at.client.send(new DeleteTagsCommand({ Resources: [id], Tags: doomed }));
    const Filters = [{ Name: 'resource-id', Values: [id] }];
    const { Tags: left } = await at.client.send(new DescribeTagsCommand({ Filters }));
    // What XML cannot carry is dropped.
    expect(left).toEqual([{ Key: 'k7', Value: '7\u{1F600}', ResourceId: id, ResourceType: 'instance' }]);
    const nobody = at.client.send(new CreateTagsCommand({ Resources: ['x-1'], Tags: [kept] }));
    await expect(nobody).rejects.toEqual(refusedWith('InvalidID'));
  });

  it('are listed page by page, each once, while others come', async () => {
    await Promise.all(Array.from({ length: 12 }, () => run()));
    const before = at.simulator.control.instances().map(({ id }) => id);
    const seen: string[] = [];
    for await (const page of paginateDescribeInstances({ client: at.client, pageSize: 5 }, {})) {
      seen.push(
        ...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map((one) => one.InstanceId!)),
      );
      if (seen.length < 12) await run();
    }
    expect(seen.slice(0, before.length)).toEqual(before);
    expect(new Set(seen).size).toBe(seen.length);
    const types: string[] = [];
    for await (const page of paginateDescribeInstanceTypes({ client: at.client, pageSize: 7 }, {})) {
      types.push(...(page.InstanceTypes ?? []).map(({ InstanceType }) => InstanceType ?? ''));
    }
    expect([types.length, new Set(types).size]).toEqual([37, 37]);
  });
});
