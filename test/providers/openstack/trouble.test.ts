import type { VmSpec } from '../../../src/providers/contract';
import { AppError } from '../../../src/kernel';
import { expectCode } from '../../conformance/error-codes';
import { startSimulator } from './simulator';
import type { SimulatedCloud } from './simulator';
import { Tenant } from './tenant';

const TIMEOUT_MS = 30_000;

let cloud: SimulatedCloud;
let tenant: Tenant;

async function enter(options: object = {}, config: object = {}): Promise<void> {
  cloud = await startSimulator(options);
  tenant = await Tenant.enter(cloud, { timeoutMs: TIMEOUT_MS, config: { ...config } });
}

afterEach(async () => {
  cloud.simulator.faults.clear();
  try {
    await tenant.leave();
    expect(cloud.simulator.control.servers().filter(isOurs)).toEqual([]);
  } finally {
    await cloud.stop();
  }
}, TIMEOUT_MS);

function isOurs({ metadata }: { readonly metadata: Readonly<Record<string, string>> }): boolean {
  return metadata['hypergate:object'] !== undefined;
}

function serversOf({ marker }: VmSpec): readonly string[] {
  return cloud.simulator.control
    .servers()
    .filter(({ metadata }) => metadata['hypergate:object'] === marker.objectId)
    .map(({ id }) => id);
}

/** Of creations at once: the codes of those that failed. */
async function failures(specs: readonly VmSpec[]): Promise<readonly string[]> {
  const results = await Promise.allSettled(specs.map((spec) => tenant.create(spec)));
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (!(result.reason instanceof AppError)) throw result.reason;
    return [result.reason.code];
  });
}

test(
  'a quota that is found to be exceeded late fails the creation',
  async () => {
    await enter({ lateQuota: true, quota: { instances: 1 } });
    const specs = [await tenant.spec(), await tenant.spec()];
    expect(await failures(specs)).toEqual(['RESOURCE_EXHAUSTED']);
  },
  TIMEOUT_MS,
);

test(
  'a quota that is known to be exceeded refuses the creation',
  async () => {
    await enter({ quota: { instances: 1 }, quotaRaceMs: 0 });
    await tenant.create(await tenant.spec());
    const refused = await tenant.spec();
    await expectCode(tenant.create(refused), 'RESOURCE_EXHAUSTED');
    expect(serversOf(refused)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'no host for a VM is no capacity',
  async () => {
    await enter({ hosts: 1, hostVcpus: 1, vms: 0 });
    await tenant.create(await tenant.spec());
    await expectCode(tenant.create(await tenant.spec()), 'RESOURCE_EXHAUSTED');
  },
  TIMEOUT_MS,
);

test(
  'a stop that Nova drops is asked for again',
  async () => {
    await enter();
    const spec = await tenant.spec();
    const { externalId } = await tenant.create(spec);
    cloud.simulator.control.loseNext('STOP');
    const stop = () => tenant.provider.stopVm({ externalId, marker: spec.marker }, 'FORCED', tenant.context);
    expect((await tenant.settle(stop)).powerState).toBe('POWERED_OFF');
  },
  TIMEOUT_MS,
);

test(
  'a deletion that Nova drops is asked for again',
  async () => {
    await enter();
    const spec = await tenant.spec();
    await tenant.create(spec);
    cloud.simulator.control.loseNext('DELETE');
    await tenant.remove(spec.marker);
    expect(serversOf(spec)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a creation that shows an error while its host is away goes on when the host is back',
  async () => {
    await enter();
    const spec = await tenant.spec();
    const { control } = cloud.simulator;
    control.killCompute();
    const accepted = await tenant.provider.createVm(spec, tenant.context);
    await tenant.eventually(
      async () => control.servers().find(isOurs)?.vmState,
      (vmState) => vmState === 'error',
    );
    expect(await tenant.provider.locateVm(spec.marker, tenant.context)).toBeNull();
    control.startCompute();
    let begun = true;
    const vm = await tenant.settle(async () => {
      if (!begun) return tenant.provider.createVm(spec, tenant.context);
      begun = false;
      return accepted;
    });
    expect(vm.powerState).toBe('POWERED_ON');
    expect(serversOf(spec)).toEqual([vm.externalId]);
  },
  TIMEOUT_MS,
);

test(
  'a creation whose host stays away fails in the end, and can be removed when it is back',
  async () => {
    await enter({}, { operationTimeoutMs: 1_000 });
    const spec = await tenant.spec();
    cloud.simulator.control.pauseCompute();
    const error = await expectCode(tenant.create(spec), 'DEADLINE_EXCEEDED');
    expect(error.retryable).toBe(false);
    cloud.simulator.control.startCompute();
  },
  TIMEOUT_MS,
);

describe('a lost reply', () => {
  test.each(['POST servers', 'GET servers/detail', 'GET servers/id', 'POST security-groups'])(
    'to %s makes no second server',
    async (request) => {
      await enter();
      const spec = await tenant.spec();
      cloud.simulator.faults.next('loseReply', request);
      await tenant.create(spec).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      });
      const vm = await tenant.create(spec);
      expect(serversOf(spec)).toEqual([vm.externalId]);
    },
    TIMEOUT_MS,
  );

  test(
    'now and then, and delays everywhere, leave one server for each of many creations',
    async () => {
      await enter({ latencyJitterMs: 5 });
      cloud.simulator.faults.setProbabilities({ loseReply: 0.03, refuse: 0.02 });
      const specs = await Promise.all(Array.from({ length: 12 }, () => patient(() => tenant.spec())));
      const vms = await Promise.all(specs.map((spec) => patient(() => tenant.create(spec))));
      cloud.simulator.faults.clear();
      expect(specs.map(serversOf)).toEqual(vms.map(({ externalId }) => [externalId]));
    },
    2 * TIMEOUT_MS,
  );
});

/** As the engine of tasks repeats what may be repeated. */
async function patient<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable || tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

test(
  'a page goes on behind a server that was deleted since',
  async () => {
    await enter({ maxLimit: 2 });
    const specs = [await tenant.spec(), await tenant.spec(), await tenant.spec()];
    const ids: string[] = [];
    for (const spec of specs) ids.push((await tenant.create(spec)).externalId);
    const installationId = specs[0]?.marker.installationId ?? '';
    const page = (pageToken: string | null) =>
      tenant.provider.listVms({ installationId, pageToken }, tenant.context);
    const first = await page(null);
    const listed = first.items.map(({ externalId }) => externalId);
    expect(listed).toHaveLength(2);
    await tenant.intruder.destroy(listed[1] ?? '');
    const second = await page(first.nextPageToken);
    const rest = second.items.map(({ externalId }) => externalId);
    expect(rest).toEqual(expect.arrayContaining(ids.filter((id) => !listed.includes(id))));
    expect(second.nextPageToken).toBeNull();
  },
  TIMEOUT_MS,
);
