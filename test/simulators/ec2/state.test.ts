import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicId } from '../../../src/simulators/ec2/images/public-images';
import { until } from '../../support/until';
import { stage } from './stage';

const RUN = {
  ImageId: publicId('ami', 'tiny-1.0-x86_64'),
  InstanceType: 't3.nano',
  MinCount: 1,
  MaxCount: 1,
  ClientToken: 'token',
} as const;

describe('the state file', () => {
  let dir: string;
  let stateFile: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hypergate-ec2-'));
    stateFile = join(dir, 'deep', 'state.json');
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('has a change before its request is answered', async () => {
    const at = await stage({ stateFile });
    try {
      const runs = Array.from({ length: 5 }, (_none, index) =>
        at.client.send(new RunInstancesCommand({ ...RUN, ClientToken: `token-${index}` })).then((answer) => {
          const id = answer.Instances?.[0]?.InstanceId ?? 'none';
          expect(readFileSync(stateFile, 'utf8')).toContain(id);
        }),
      );
      await Promise.all(runs);
    } finally {
      await at.close();
    }
  });

  it('goes on where it was: with what was under way, and what tokens have begun', async () => {
    const first = await stage({ stateFile, vms: 2, operationMs: 600_000 });
    const { Instances } = await first.client.send(new RunInstancesCommand(RUN));
    const id = Instances?.[0]?.InstanceId ?? '';
    const subnets = await first.client.send(new DescribeSubnetsCommand({}));
    const foreign = first.simulator.control.instances()[0]?.id ?? '';
    await first.client.send(new StopInstancesCommand({ InstanceIds: [foreign] }));
    await first.close();
    // Time has passed while nothing ran.
    const early = readFileSync(stateFile, 'utf8').replace(/"due":\d+/g, '"due":1000');
    writeFileSync(stateFile, early);
    const second = await stage({ stateFile, vms: 2 });
    try {
      const again = await second.client.send(new RunInstancesCommand(RUN));
      expect(again.Instances?.[0]?.InstanceId).toBe(id);
      const states = new Map(second.simulator.control.instances().map((one) => [one.id, one.state]));
      expect([states.size, states.get(id), states.get(foreign)]).toEqual([3, 'running', 'stopped']);
      const now = await second.client.send(new DescribeSubnetsCommand({}));
      expect(now.Subnets).toEqual(subnets.Subnets);
      const other = { ...RUN, ClientToken: 'other' };
      const { Instances: more } = await second.client.send(new RunInstancesCommand(other));
      const address = more?.[0]?.PrivateIpAddress;
      expect(second.simulator.control.instances().at(-1)?.id).toBe(more?.[0]?.InstanceId);
      await until(async () => {
        const { Reservations } = await second.client.send(new DescribeInstancesCommand({}));
        const addresses = Reservations?.flatMap(({ Instances: of = [] }) =>
          of.map((one) => one.PrivateIpAddress),
        );
        return addresses?.filter((one) => one === address).length === 1;
      });
    } finally {
      await second.close();
    }
  });

  it('is not guessed at when it is broken or of another account', async () => {
    const at = await stage({ stateFile });
    await at.close();
    await expect(stage({ stateFile, region: 'us-east-1' })).rejects.toThrow('another account');
    writeFileSync(stateFile, '{');
    await expect(stage({ stateFile })).rejects.toThrow(stateFile);
  });
});
