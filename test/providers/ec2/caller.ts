import { setMaxListeners } from 'node:events';
import { AppError, newId, silentLogger } from '../../../src/kernel';
import { RequestGate, unwatchedCall } from '../../../src/providers/contract';
import type {
  CallContext,
  HypervisorProvider,
  Marker,
  Outcome,
  Page,
  VmObservation,
  VmSpec,
} from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import type { Ec2Simulator } from '../../../src/simulators/ec2/start';
import { pause } from '../../conformance/pause';
import { imageNamed } from './simulator';

const MOST_TRIES = 25;

/** A caller as the contract has it: it polls what was accepted, and repeats what was lost or may be repeated. */
export class Caller {
  readonly provider: HypervisorProvider;
  readonly installationId = newId('tenant');
  readonly context: CallContext;
  /** How often a mutation was tried again, and why. */
  readonly repeated: string[] = [];

  constructor(simulator: Ec2Simulator, config: Readonly<Record<string, unknown>> = {}) {
    const { signal } = new AbortController();
    // Many calls at once listen to it.
    setMaxListeners(0, signal);
    this.context = unwatchedCall(signal, silentLogger);
    const settings = { ...simulator.connection, pollIntervalMs: 20, listingLagMs: 0, ...config };
    const environment = { backendName: 'test', logger: silentLogger, requests: new RequestGate() };
    // What has to wait out a storm must not be held back because of it.
    this.provider = createProvider('ec2', settings, environment, { circuit: null });
  }

  newMarker(noun: 'vm' | 'network'): Marker {
    return {
      installationId: this.installationId,
      tenantId: newId('tenant'),
      objectId: newId(noun),
      operationId: newId('task'),
    };
  }

  vmSpec(changes: Partial<VmSpec> = {}): VmSpec {
    return {
      marker: this.newMarker('vm'),
      name: 'web',
      hostname: 'web',
      cpuCount: 1,
      memoryMib: 128,
      diskGib: 1,
      imageExternalId: imageNamed('tiny-1.0-x86_64'),
      networks: [],
      userData: null,
      sshKeys: [],
      labels: {},
      ...changes,
    };
  }

  /** All pages. */
  async list(): Promise<VmObservation[]> {
    const items: VmObservation[] = [];
    let pageToken: string | null = null;
    do {
      const query: { installationId: string; pageToken: string | null } = {
        installationId: this.installationId,
        pageToken,
      };
      const page: Page<VmObservation> = await this.tried('the listing', () =>
        this.provider.listVms(query, this.context),
      );
      items.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
    return items;
  }

  /** Until the mutation is done. @throws what it failed with for good */
  async settle<T>(mutate: () => Promise<Outcome<T>>): Promise<T> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        const outcome = await mutate();
        if (outcome.state === 'DONE') return outcome.value;
        const value = await this.follow<T>(outcome);
        if (value !== null) return value.result;
        this.repeated.push('LOST or CONTINUE');
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
        this.repeated.push(`${error.code}: ${error.message}`);
        await pause(this.provider.capabilities.listingLagMs + 10);
      }
    }
    throw new Error(`It was tried ${MOST_TRIES} times: ${this.repeated.join(', ')}.`);
  }

  /** Null when the mutation has to be repeated. */
  private async follow<T>(
    outcome: Extract<Outcome<T>, { state: 'ACCEPTED' }>,
  ): Promise<{ readonly result: T } | null> {
    let waitMs = outcome.pollAfterMs;
    for (;;) {
      await pause(waitMs);
      const progress = await this.tried('the poll', () =>
        this.provider.pollOperation<T>(outcome.operation, this.context),
      );
      if (progress.state === 'DONE') return { result: progress.value };
      if (progress.state === 'FAILED') throw progress.error;
      if (progress.state !== 'RUNNING') return null;
      waitMs = progress.pollAfterMs;
    }
  }

  private async tried<T>(what: string, read: () => Promise<T>): Promise<T> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
        await pause(10);
      }
    }
    throw new Error(`It was tried ${MOST_TRIES} times: ${what}.`);
  }
}
