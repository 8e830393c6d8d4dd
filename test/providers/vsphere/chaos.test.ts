import fc from 'fast-check';
import { AppError } from '../../../src/kernel';
import type {
  HypervisorProvider,
  Outcome,
  PowerState,
  VmObservation,
  VmSpec,
} from '../../../src/providers/contract';
import { contextOf } from '../../conformance/recording-context';
import { TroubledVcenter } from './trouble';

/** `VSPHERE_CHAOS_RUNS=200` for more, and `VSPHERE_CHAOS_SEED=…` for a failure again. */
const RUNS = Number(process.env['VSPHERE_CHAOS_RUNS'] ?? 2);
const SEED = process.env['VSPHERE_CHAOS_SEED'];

/** What takes the client's whole patience is rarer. */
const ODDS = {
  unavailable: 0.04,
  notAuthenticated: 0.04,
  refuse: 0.04,
  loseReply: 0.04,
  dropMidReply: 0.04,
  duplicateReply: 0.04,
  hang: 0.001,
  slowDrip: 0.001,
};
const TASK_ODDS = { fail: 0.03, lose: 0.03, loseAfterWork: 0.03 };

const VERBS = ['create', 'start', 'stop', 'suspend', 'resume', 'reboot', 'resize', 'delete'] as const;
type Verb = (typeof VERBS)[number];
type State = PowerState | 'ABSENT';

/** From which states a verb is used, and where it leads; null for where it was. */
const ARROWS: Readonly<Record<Verb, readonly [from: readonly State[], to: State | null]>> = {
  create: [['ABSENT'], 'POWERED_OFF'],
  start: [['POWERED_OFF'], 'POWERED_ON'],
  stop: [['POWERED_ON', 'SUSPENDED'], 'POWERED_OFF'],
  suspend: [['POWERED_ON'], 'SUSPENDED'],
  resume: [['SUSPENDED'], 'POWERED_ON'],
  reboot: [['POWERED_ON'], null],
  resize: [['POWERED_OFF'], null],
  delete: [['POWERED_OFF', 'POWERED_ON', 'SUSPENDED'], 'ABSENT'],
};

/** A VM as its caller sees it: after work that failed for good either state is possible. */
class Believed {
  states: readonly State[] = ['ABSENT'];
  cpuCounts: readonly number[] = [1];
  externalId = '';
  spec: VmSpec;

  constructor(private readonly world: TroubledVcenter) {
    this.spec = world.vmSpec();
  }

  /** Whether it is sure that the verb can be used. */
  allows(verb: Verb): boolean {
    return this.states.every((state) => ARROWS[verb][0].includes(state));
  }

  async use(verb: Verb): Promise<void> {
    const target = ARROWS[verb][1];
    const after = target === null ? this.states : [target];
    const size = Math.max(...this.cpuCounts) + 1;
    try {
      const { value } = await this.world.persist((provider) => this.call(provider, verb, size));
      if (verb === 'create') this.externalId = (value as VmObservation).externalId;
      this.states = after;
      if (verb === 'resize') this.cpuCounts = [size];
    } catch (error) {
      expect(error).toMatchObject({ code: 'FAILED_PRECONDITION' });
      if (!(error instanceof AppError)) throw error;
      if (verb === 'create') await this.remove();
      else this.states = [...new Set([...this.states, ...after])];
      if (verb === 'resize') this.cpuCounts = [...this.cpuCounts, size];
    }
    if (this.states.includes('ABSENT') && this.states.length > 1) await this.remove();
    if (this.states.length === 1 && this.states[0] === 'ABSENT') this.forget();
  }

  /** As a caller does whose creation has failed, until it is true. */
  async remove(): Promise<void> {
    for (let tries = 0; tries < 10; tries += 1) {
      try {
        const ref = { externalId: '', marker: this.spec.marker };
        await this.world.persist((provider) => provider.deleteVm(ref, contextOf()));
        this.forget();
        return;
      } catch (error) {
        expect(error).toMatchObject({ code: 'FAILED_PRECONDITION' });
      }
    }
    throw new Error('It cannot be removed.');
  }

  private forget(): void {
    this.states = ['ABSENT'];
    this.cpuCounts = [1];
    this.externalId = '';
    this.spec = this.world.vmSpec();
  }

  private call(provider: HypervisorProvider, verb: Verb, cpuCount: number): Promise<Outcome<unknown>> {
    const ref = { externalId: this.externalId, marker: this.spec.marker };
    const context = contextOf();
    const calls: Readonly<Record<Verb, () => Promise<Outcome<unknown>>>> = {
      create: () => provider.createVm(this.spec, context),
      start: () => provider.startVm(ref, context),
      stop: () => provider.stopVm(ref, 'FORCED', context),
      suspend: () => provider.suspendVm(ref, context),
      resume: () => provider.resumeVm(ref, context),
      reboot: () => provider.rebootVm(ref, 'FORCED', context),
      resize: () => provider.resizeVm(ref, { cpuCount }, context),
      delete: () => provider.deleteVm(ref, context),
    };
    return calls[verb]();
  }
}

const step = fc.record({ vm: fc.nat({ max: 2 }), verb: fc.constantFrom(...VERBS) });

describe('vSphere in a storm of faults', () => {
  it(
    'is in the end what its caller believes, and nothing else',
    async () => {
      const property = fc.asyncProperty(
        fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }),
        fc.nat(),
        storm,
      );
      await fc.assert(property, {
        numRuns: RUNS,
        endOnFailure: true,
        ...(SEED !== undefined && { seed: Number(SEED) }),
      });
    },
    RUNS * 30_000,
  );
});

async function storm(steps: readonly { vm: number; verb: Verb }[], seed: number): Promise<void> {
  const options = { seed, taskFaults: TASK_ODDS };
  const world = await TroubledVcenter.start(options, { callTimeoutMs: 1_000 });
  try {
    const before = await world.inventory();
    const vms = [new Believed(world), new Believed(world), new Believed(world)];
    for (const { vm, verb } of steps) {
      const believed = vms[vm];
      if (!believed?.allows(verb)) continue;
      world.server.simulator.faults.setProbabilities(ODDS);
      await believed.use(verb);
      world.server.simulator.faults.clear();
      await expectBelieved(world, vms);
    }
    for (const believed of vms) await believed.remove();
    expect(await world.inventory()).toEqual(before);
  } finally {
    await world.close();
  }
}

async function expectBelieved(world: TroubledVcenter, vms: readonly Believed[]): Promise<void> {
  const query = { installationId: world.installationId, pageToken: null };
  const { items } = await world.calm.listVms(query, contextOf());
  const present = vms.filter(({ states }) => !states.includes('ABSENT'));
  expect(items.map(({ externalId }) => externalId).sort()).toEqual(
    present.map(({ externalId }) => externalId).sort(),
  );
  for (const { externalId, states, cpuCounts } of present) {
    const seen = items.find((item) => item.externalId === externalId);
    expect(states).toContain(seen?.powerState);
    expect(cpuCounts).toContain(seen?.cpuCount);
  }
}
