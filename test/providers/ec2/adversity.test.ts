import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { ResourceType, TagSpecification } from '@aws-sdk/client-ec2';
import type { Marker, NetworkSpec } from '../../../src/providers/contract';
import type { Ec2Simulator } from '../../../src/simulators/ec2/start';
import { pause } from '../../conformance/pause';
import { Caller } from './caller';
import { holdings } from './outsider';
import { startSimulator } from './simulator';

/** The simulator's objects are available by then. */
const MADE_MS = 60;

function marked(marker: Marker, type: ResourceType): TagSpecification[] {
  const tags = {
    'hypergate:installation': marker.installationId,
    'hypergate:tenant': marker.tenantId,
    'hypergate:object': marker.objectId,
    'hypergate:operation': marker.operationId,
  };
  return [{ ResourceType: type, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }];
}

function connect({ connection }: Ec2Simulator): EC2Client {
  const { region = '', endpoint = '', accessKeyId = '', secretAccessKey = '' } = connection;
  return new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
}

function networkSpec(caller: Caller): NetworkSpec {
  return { marker: caller.newMarker('network'), name: 'net', mode: 'NAT', cidr: '10.20.0.0/24' };
}

describe('what earlier attempts left of a network', () => {
  let simulator: Ec2Simulator;
  let caller: Caller;
  let outsider: EC2Client;
  let spec: NetworkSpec;

  beforeEach(async () => {
    simulator = await startSimulator();
    caller = new Caller(simulator);
    outsider = connect(simulator);
    spec = networkSpec(caller);
  });

  afterEach(async () => {
    outsider.destroy();
    await caller.provider.close();
    await simulator.close();
  });

  const newVpc = async (): Promise<string> => {
    const tags = marked(spec.marker, 'vpc');
    const made = await outsider.send(new CreateVpcCommand({ CidrBlock: spec.cidr, TagSpecifications: tags }));
    return made.Vpc?.VpcId ?? '';
  };
  const newGateway = async (): Promise<string> => {
    const tags = marked(spec.marker, 'internet-gateway');
    const made = await outsider.send(new CreateInternetGatewayCommand({ TagSpecifications: tags }));
    return made.InternetGateway?.InternetGatewayId ?? '';
  };
  const attach = (InternetGatewayId = '', VpcId = '') =>
    outsider.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  const finish = () => caller.settle(() => caller.provider.createNetwork(spec, caller.context));
  const remove = () =>
    caller.settle(() =>
      caller.provider.deleteNetwork({ externalId: '', marker: spec.marker }, caller.context),
    );

  it('may be two VPCs, of which the one that yields has the gateway', async () => {
    const before = await holdings(simulator);
    const [kept = '', yields] = [await newVpc(), await newVpc()].toSorted();
    const gateway = await newGateway();
    await pause(MADE_MS);
    await attach(gateway, yields);
    expect((await finish()).externalId).toBe(kept);
    const { vpcs = 0, gateways = 0 } = before;
    expect(await holdings(simulator)).toMatchObject({ vpcs: vpcs + 1, gateways: gateways + 1 });
    await remove();
    expect(await holdings(simulator)).toEqual(before);
  });

  it('may be two gateways, of which the second is attached', async () => {
    const before = await holdings(simulator);
    const vpc = await newVpc();
    const gateways = [await newGateway(), await newGateway()];
    await pause(MADE_MS);
    await attach(gateways[1], vpc);
    expect((await finish()).externalId).toBe(vpc);
    await remove();
    expect(await holdings(simulator)).toEqual(before);
  });
});

describe('two gateways that make one network at once', () => {
  it.each([
    ['exact', 0, 1],
    ['exact', 0, 2],
    ['lagging', 200, 1],
    ['lagging', 200, 2],
  ])('make one where reads are %s (%i ms, seed %i)', async (_what, lagMs, seed) => {
    const simulator = await startSimulator({ lagMs, seed });
    const callers = [0, 1].map(() => new Caller(simulator, { listingLagMs: lagMs + 50 }));
    try {
      const [one] = callers;
      if (one === undefined) throw new Error('There is no caller.');
      const before = await holdings(simulator);
      const spec = networkSpec(one);
      const make = () =>
        Promise.all(
          callers.map((each) => each.settle(() => each.provider.createNetwork(spec, each.context))),
        );
      const ids = new Set((await make()).map(({ externalId }) => externalId));
      expect(ids.size).toBe(1);
      await pause(lagMs + 50);
      expect((await holdings(simulator))['vpcs']).toBe((before['vpcs'] ?? 0) + 1);
    } finally {
      await Promise.all(callers.map(({ provider }) => provider.close()));
      await simulator.close();
    }
  });
});

describe("a tenant's group", () => {
  it('that is not shown yet when it is to be opened is waited for', async () => {
    const lagMs = 200;
    const simulator = await startSimulator({ lagMs });
    const ingress = [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidr: '0.0.0.0/0' }];
    const caller = new Caller(simulator, { listingLagMs: lagMs + 50, ingress });
    try {
      const spec = caller.vmSpec();
      const vm = await caller.settle(() => caller.provider.createVm(spec, caller.context));
      expect(vm.powerState).toBe('POWERED_ON');
    } finally {
      await caller.provider.close();
      await simulator.close();
    }
  });

  it('that an administrator removes is made again', async () => {
    const simulator = await startSimulator();
    const caller = new Caller(simulator);
    const outsider = connect(simulator);
    try {
      const first = caller.vmSpec();
      const ref = { externalId: '', marker: first.marker };
      await caller.settle(() => caller.provider.createVm(first, caller.context));
      await caller.settle(() => caller.provider.deleteVm(ref, caller.context));
      const { SecurityGroups = [] } = await outsider.send(new DescribeSecurityGroupsCommand({}));
      const group = SecurityGroups.find(({ GroupName }) => GroupName?.startsWith('hypergate-'));
      await outsider.send(new DeleteSecurityGroupCommand({ GroupId: group?.GroupId }));
      const { marker } = caller.vmSpec();
      const second = caller.vmSpec({ marker: { ...marker, tenantId: first.marker.tenantId } });
      const vm = await caller.settle(() => caller.provider.createVm(second, caller.context));
      expect(vm.powerState).toBe('POWERED_ON');
    } finally {
      outsider.destroy();
      await caller.provider.close();
      await simulator.close();
    }
  });
});
