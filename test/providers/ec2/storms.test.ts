import type { VmSpec } from '../../../src/providers/contract';
import { pause } from '../../conformance/pause';
import { Caller } from './caller';
import { holdings } from './outsider';
import { startSimulator } from './simulator';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a@example';

/** What was made of the specifications, as the account has it, whatever clients see. */
function livingOf(simulator: Awaited<ReturnType<typeof startSimulator>>, specs: readonly VmSpec[]): string[] {
  const wanted = new Set(specs.map(({ marker }) => marker.objectId));
  return simulator.control
    .instances()
    .filter(({ state }) => state !== 'terminated')
    .flatMap(({ tags }) => tags.find(({ key }) => key === 'hypergate:object')?.value ?? [])
    .filter((objectId) => wanted.has(objectId));
}

it('makes 80 VMs at once where EC2 takes five requests and then twenty a second', async () => {
  const simulator = await startSimulator({ rateLimit: { burst: 5, perSecond: 20 }, operationMs: 500 });
  const caller = new Caller(simulator);
  try {
    const specs = Array.from({ length: 80 }, () =>
      caller.vmSpec({ marker: { ...caller.newMarker('vm'), tenantId: 'ten_1' } }),
    );
    const made = await Promise.all(
      specs.map((spec) => caller.settle(() => caller.provider.createVm(spec, caller.context))),
    );
    expect(new Set(made.map(({ externalId }) => externalId)).size).toBe(80);
    expect(made.every(({ powerState }) => powerState === 'POWERED_ON')).toBe(true);
    expect(livingOf(simulator, specs).toSorted()).toEqual(
      specs.map(({ marker }) => marker.objectId).toSorted(),
    );
    // Nobody had to begin anew: the throttled requests were repeated where they were refused.
    expect(caller.repeated).toEqual([]);
  } finally {
    await caller.provider.close();
    await simulator.close();
  }
}, 120_000);

/** Three of them take a minute and a half. */
const SEEDS = process.env['STORM_SEEDS']?.split(',').map(Number) ?? [1];

describe.each(SEEDS)('with reads a second behind and one reply of thirty lost, by the seed %d', (seed) => {
  it('makes each VM once, and leaves nothing of those that are removed', async () => {
    const simulator = await startSimulator({ lagMs: 1_000, seed });
    const caller = new Caller(simulator, { listingLagMs: 1_100, maxAttempts: 2 });
    const { provider, context } = caller;
    try {
      const before = await holdings(simulator);
      simulator.faults.setProbabilities({ loseReply: 0.03 });
      const specs = Array.from({ length: 24 }, () => caller.vmSpec({ sshKeys: [KEY] }));
      const made = await Promise.all(
        specs.map((spec) => caller.settle(() => provider.createVm(spec, context))),
      );
      expect(livingOf(simulator, specs).toSorted()).toEqual(
        specs.map(({ marker }) => marker.objectId).toSorted(),
      );
      await pause(1_100);
      const listed = await caller.list();
      expect(listed.map(({ externalId }) => externalId).toSorted()).toEqual(
        made.map(({ externalId }) => externalId).toSorted(),
      );
      await Promise.all(
        specs.map(({ marker }) =>
          caller.settle(() => provider.deleteVm({ externalId: '', marker }, context)),
        ),
      );
      expect(simulator.faults.count('loseReply')).toBeGreaterThan(0);
      await pause(1_100);
      expect(await holdings(simulator)).toEqual(before);
    } finally {
      await provider.close();
      await simulator.close();
    }
  }, 120_000);

  it('makes each network once, and leaves nothing of those that are removed', async () => {
    const simulator = await startSimulator({ lagMs: 300, seed });
    const caller = new Caller(simulator, { listingLagMs: 400, maxAttempts: 2 });
    const { provider, context } = caller;
    try {
      const before = await holdings(simulator);
      simulator.faults.setProbabilities({ loseReply: 0.03 });
      const specs = Array.from({ length: 10 }, (_none, index) => ({
        marker: caller.newMarker('network'),
        name: 'net',
        mode: index % 2 === 0 ? ('NAT' as const) : ('ISOLATED' as const),
        cidr: `10.${index}.0.0/24`,
      }));
      await Promise.all(specs.map((spec) => caller.settle(() => provider.createNetwork(spec, context))));
      const lost = simulator.faults.count('loseReply');
      expect(lost).toBeGreaterThan(0);
      expect(await holdings(simulator)).toEqual({
        ...before,
        vpcs: (before['vpcs'] ?? 0) + 10,
        subnets: (before['subnets'] ?? 0) + 10,
        gateways: (before['gateways'] ?? 0) + 5,
      });
      simulator.faults.setProbabilities({ loseReply: 0.03 });
      await Promise.all(
        specs.map(({ marker }) =>
          caller.settle(() => provider.deleteNetwork({ externalId: '', marker }, context)),
        ),
      );
      await pause(400);
      expect(await holdings(simulator)).toEqual(before);
    } finally {
      await provider.close();
      await simulator.close();
    }
  }, 120_000);
});
