import { newId } from '../../src/kernel';
import type {
  CallContext,
  Capabilities,
  HypervisorProvider,
  Marker,
  NetworkObservation,
  NetworkRef,
  NetworkSpec,
  Outcome,
  VmObservation,
  VmRef,
  VmSpec,
} from '../../src/providers/contract';
import type { BackendFaults, FaultName, GuestTraits, ProviderHarness } from './harness';
import { pause } from './pause';
import { contextOf } from './recording-context';
import { settle } from './settle';
import type { Stage } from './stage';

/** What `VmSpec` fields a case cares about; the rest is filled in. */
export type VmChanges = Partial<Omit<VmSpec, 'marker'>>;

/**
 * What one case works with. It has an installation's id of its own, so that listings show its own VMs alone, and removes
 * all that it made.
 */
export class Session {
  readonly provider: HypervisorProvider;
  readonly installationId = newId('tenant');
  readonly tenantId = newId('tenant');
  /** All that providers logged in this case. */
  readonly logLines: string[] = [];
  readonly context: CallContext;
  private readonly vms: VmRef[] = [];
  private readonly networks: NetworkRef[] = [];

  constructor(readonly stage: Stage) {
    this.provider = stage.provider;
    this.context = contextOf(undefined, this.logLines);
  }

  get harness(): ProviderHarness {
    return this.stage.harness;
  }

  get capabilities(): Capabilities {
    return this.harness.capabilities;
  }

  get guest(): GuestTraits {
    if (!this.harness.guest) throw new Error('This case has to say that it needs a guest.');
    return this.harness.guest;
  }

  fault<Name extends FaultName>(name: Name): BackendFaults[Name] {
    const fault = this.stage.backend.faults?.[name];
    if (!fault) throw new Error(`The harness announces ${name} and does not have it.`);
    return fault;
  }

  newMarker(noun: 'vm' | 'network'): Marker {
    return {
      installationId: this.installationId,
      tenantId: this.tenantId,
      objectId: newId(noun),
      operationId: newId('task'),
    };
  }

  /** A specification whose VM is removed after the case, whether its creation succeeds or not. */
  async vmSpec(changes: VmChanges = {}): Promise<VmSpec> {
    const marker = this.newMarker('vm');
    this.vms.push({ externalId: '', marker });
    const network = changes.networks ? null : await this.stage.networkExternalId();
    const size = this.harness.size ?? { cpuCount: 1, memoryMib: 128, diskGib: this.harness.imageMinDiskGib };
    return {
      marker,
      name: 'conformance',
      hostname: 'conformance',
      ...size,
      imageExternalId: await this.stage.imageExternalId(),
      networks: network === null ? [] : [{ externalId: network }],
      userData: null,
      sshKeys: [],
      labels: {},
      ...changes,
    };
  }

  /** As above, for a network. */
  networkSpec(changes: Partial<Omit<NetworkSpec, 'marker'>> = {}): NetworkSpec {
    const marker = this.newMarker('network');
    this.networks.push({ externalId: '', marker });
    const mode = this.capabilities.network.modes[0] ?? 'ISOLATED';
    return { marker, name: 'conformance', mode, cidr: this.stage.cidr(1), ...changes };
  }

  async vm(changes: VmChanges = {}): Promise<{ spec: VmSpec; ref: VmRef; vm: VmObservation }> {
    const spec = await this.vmSpec(changes);
    const vm = await this.create(spec);
    return { spec, ref: { externalId: vm.externalId, marker: spec.marker }, vm };
  }

  /** A VM that certainly is stopped: clouds start what they create. */
  async stoppedVm(changes: VmChanges = {}): Promise<{ spec: VmSpec; ref: VmRef; vm: VmObservation }> {
    const made = await this.vm(changes);
    if (made.vm.powerState === 'POWERED_OFF') return made;
    const vm = await this.settle(() => this.provider.stopVm(made.ref, 'FORCED', this.context));
    return { ...made, vm };
  }

  async runningVm(changes: VmChanges = {}): Promise<{ spec: VmSpec; ref: VmRef; vm: VmObservation }> {
    const made = await this.vm(changes);
    const vm = await this.settle(() => this.provider.startVm(made.ref, this.context));
    return { ...made, vm };
  }

  create(spec: VmSpec): Promise<VmObservation> {
    return this.settle(() => this.provider.createVm(spec, this.context));
  }

  async network(
    changes: Partial<Omit<NetworkSpec, 'marker'>> = {},
  ): Promise<{ spec: NetworkSpec; ref: NetworkRef; network: NetworkObservation }> {
    const spec = this.networkSpec(changes);
    const network = await this.settle(() => this.provider.createNetwork(spec, this.context));
    return { spec, ref: { externalId: network.externalId, marker: spec.marker }, network };
  }

  settle<T>(mutate: () => Promise<Outcome<T>>): Promise<T> {
    return settle(this.provider, this.context, this.harness.timeoutMs, mutate);
  }

  /** Until what was created must be found: the grace that every repetition of a creation has to grant. */
  async afterListingLag(): Promise<void> {
    await pause(this.capabilities.listingLagMs);
  }

  /** All pages. Fails when a token comes twice, which would list for ever. */
  async listAll(installationId = this.installationId): Promise<VmObservation[]> {
    const items: VmObservation[] = [];
    const tokens = new Set<string>();
    let pageToken: string | null = null;
    do {
      const page = await this.provider.listVms({ installationId, pageToken }, this.context);
      items.push(...page.items);
      pageToken = page.nextPageToken;
      if (pageToken !== null && tokens.size === tokens.add(pageToken).size) {
        throw new Error(`The page token ${pageToken} came twice.`);
      }
    } while (pageToken !== null);
    return items;
  }

  /** Asks again until the backend says what it has to say in the end. */
  async eventually<T>(what: string, read: () => Promise<T>, accept: (value: T) => boolean): Promise<T> {
    const deadline = Date.now() + this.harness.timeoutMs;
    for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 250)) {
      const value = await read();
      if (accept(value)) return value;
      if (Date.now() > deadline) throw new Error(`${what}: still ${JSON.stringify(value)}.`);
      await pause(waitMs);
    }
  }

  /** Waits until the console shows `text` at least so many times. */
  async consoleShows(ref: VmRef, text: string, times = 1): Promise<string> {
    return this.eventually(
      `${text} on the console`,
      () => this.provider.readConsoleLog(ref, 1024 * 1024, this.context),
      (log) => log.split(text).length > times,
    );
  }

  /** Removes all that the case made, and sees to it that nothing is left. */
  async cleanUp(): Promise<void> {
    await this.afterListingLag();
    for (const ref of this.vms) await this.settle(() => this.provider.deleteVm(ref, this.context));
    for (const ref of this.networks) await this.settle(() => this.provider.deleteNetwork(ref, this.context));
    expect(await this.listAll()).toEqual([]);
  }
}
