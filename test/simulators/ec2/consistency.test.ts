import {
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client, RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { publicId } from '../../../src/simulators/ec2/images/public-images';
import { until } from '../../support/until';
import { stage } from './stage';
import type { Stage } from './stage';

const ImageId = publicId('ami', 'tiny-1.0-x86_64');
const ONE = { ImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1 } as const;

describe('what a cloud does to its clients', () => {
  let at: Stage;

  afterEach(() => at.close());

  async function run(more: Partial<RunInstancesCommandInput> = {}, client: EC2Client = at.client) {
    const { Instances = [] } = await client.send(new RunInstancesCommand({ ...ONE, ...more }));
    return Instances.map(({ InstanceId = '' }) => InstanceId);
  }

  async function find(id: string) {
    const { Reservations } = await at.client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0];
  }

  async function listed(): Promise<readonly string[]> {
    const { Reservations = [] } = await at.client.send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances).map(({ InstanceId = '' }) => InstanceId);
  }

  it('answers the same token with the same instances, and with nothing else', async () => {
    at = await stage();
    const first = await run({ ClientToken: 'token', MaxCount: 2 });
    expect(first).toHaveLength(2);
    const again = await Promise.all([1, 2, 3].map(() => run({ ClientToken: 'token', MaxCount: 2 })));
    expect(again).toEqual([first, first, first]);
    await expect(run({ ClientToken: 'token' })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
    await expect(run({ ClientToken: 'x'.repeat(65) })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    expect(await listed()).toEqual(first);
    await at.client.send(new TerminateInstancesCommand({ InstanceIds: first }));
    await until(async () => (await find(first[1]!))?.State?.Name === 'terminated');
    await expect(run({ ClientToken: 'token', MaxCount: 2 })).rejects.toMatchObject({
      name: 'IdempotentInstanceTerminated',
    });
  });

  it('launches once when the reply was lost', async () => {
    at = await stage();
    at.simulator.faults.next('loseReply', 'RunInstances');
    const ids = await run({ ClientToken: 'token' }, at.newClient({ maxAttempts: 3 }));
    expect(at.simulator.control.requests('RunInstances')).toBe(2);
    expect(await listed()).toEqual(ids);
  });

  it('does not show at once what was made', async () => {
    at = await stage({ lagMs: 600_000 });
    const [id = ''] = await run({ ClientToken: 'token' });
    await expect(find(id)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    expect(await listed()).toEqual([]);
    const stop = at.client.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await expect(stop).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    expect(await run({ ClientToken: 'token' })).toEqual([id]);
    const { Vpc } = await at.client.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
    const describe = at.client.send(new DescribeVpcsCommand({ VpcIds: [Vpc?.VpcId ?? ''] }));
    await expect(describe).rejects.toMatchObject({ name: 'InvalidVpcID.NotFound' });
  });

  it('shows it in the end', async () => {
    at = await stage({ lagMs: 100 });
    const [id = ''] = await run();
    await until(async () => (await listed()).length === 1);
    await until(async () => (await find(id))?.State?.Name === 'running');
    await at.client.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await until(async () => (await find(id))?.State?.Name === 'stopped');
  });

  it('accepts a launch, and fails it later', async () => {
    at = await stage();
    at.simulator.control.failNextLaunch();
    const [id = ''] = await run();
    expect((await find(id))?.State?.Name).toMatch(/pending|shutting-down|terminated/);
    const failed = await until(
      () => find(id),
      (instance) => instance?.State?.Name === 'terminated',
    );
    expect(failed?.StateReason?.Code).toBe('Server.InsufficientInstanceCapacity');
    expect(failed?.VpcId).toBeUndefined();
  });

  it('fails launches by chance, too', async () => {
    at = await stage({ launchFaults: { fail: 1, code: 'Server.InternalError' } });
    const [id = ''] = await run();
    await until(async () => (await find(id))?.StateReason?.Code === 'Server.InternalError');
  });

  it('forgets what is terminated after a while', async () => {
    at = await stage({ terminatedMs: 100 });
    const [id = ''] = await run();
    await at.client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await until(async () => (await listed()).length === 0);
    await expect(find(id)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  });

  it('has no more than there is', async () => {
    at = await stage({ maxInstances: 3, maxVcpus: 4 });
    await expect(run({ MinCount: 4, MaxCount: 4 })).rejects.toMatchObject({ name: 'InstanceLimitExceeded' });
    await expect(run({ MinCount: 3, MaxCount: 3 })).rejects.toMatchObject({ name: 'VcpuLimitExceeded' });
    expect(await run({ MaxCount: 10 })).toHaveLength(2);
    await expect(run()).rejects.toMatchObject({ name: 'VcpuLimitExceeded' });
    expect(await listed()).toHaveLength(2);
  });

  it('throttles by a bucket of tokens, and does not execute what it refuses', async () => {
    at = await stage({ rateLimit: { burst: 5, perSecond: 0.001 } });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => run()));
    const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } });
    expect(at.simulator.control.instances()).toHaveLength(5);
  });

  it('serves clients that wait for tokens', async () => {
    at = await stage({ rateLimit: { burst: 5, perSecond: 100 } });
    const client = at.newClient({ maxAttempts: 10, retryMode: 'adaptive' });
    const launched = await Promise.all(Array.from({ length: 20 }, () => run({}, client)));
    expect(new Set(launched.flat()).size).toBe(20);
    expect(await listed()).toHaveLength(20);
  });

  it('lets others act behind our back, and refuses as ordered', async () => {
    at = await stage({ vms: 2 });
    const { control } = at.simulator;
    const [runs, stopped] = control.instances();
    expect([runs?.state, stopped?.state]).toEqual(['running', 'stopped']);
    const id = runs?.id ?? '';
    control.renameBehindBack(id, 'other');
    control.stopBehindBack(id);
    control.startBehindBack(stopped?.id ?? '');
    await until(async () => (await find(id))?.State?.Name === 'stopped');
    expect((await find(id))?.Tags).toEqual([{ Key: 'Name', Value: 'other' }]);
    await until(async () => (await find(stopped?.id ?? ''))?.State?.Name === 'running');
    control.terminateBehindBack(id);
    await until(async () => (await find(id))?.State?.Name === 'terminated');
    control.refuseNext('RunInstances', 'InsufficientInstanceCapacity', 500);
    await expect(run()).rejects.toMatchObject({
      name: 'InsufficientInstanceCapacity',
      $metadata: { httpStatusCode: 500 },
    });
    expect(await run()).toHaveLength(1);
  });

  it('has a network that fails', async () => {
    at = await stage();
    const { faults } = at.simulator;
    faults.next('unavailable', 'RunInstances');
    await expect(run()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    faults.next('notAuthenticated', 'RunInstances');
    await expect(run()).rejects.toMatchObject({ name: 'AuthFailure' });
    faults.next('loseReply', 'RunInstances');
    await expect(run()).rejects.toThrow();
    expect(await listed()).toHaveLength(1);
    at.simulator.refuseConnections(true);
    await expect(listed()).rejects.toThrow();
    at.simulator.refuseConnections(false);
    expect(await listed()).toHaveLength(1);
  });
});
