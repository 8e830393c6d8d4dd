import type { AppError, ErrorCode } from '../../kernel';
import type { HypervisorProvider, NetworkObservation, ProviderMethod, VmObservation } from '../contract';
import { memoryConfigSchema } from './config';
import type { MemoryConfig, MemoryConfigInput } from './config';
import { Connection } from './connection';
import { FaultPlan } from './fault-plan';
import { halt, observe } from './guest';
import { MemoryModel } from './model';
import { observeNetwork } from './network-table';
import { MemoryProvider } from './provider';
import type { VmRecord } from './records';
import { noSuchVm } from './vm-table';

/**
 * A backend in this process with a handle on it, for tests: it changes things behind everybody's back and orders faults,
 * while any number of connections use it.
 */
export class MemoryBackend {
  private readonly model: MemoryModel;
  private readonly faults: FaultPlan;
  private available = true;

  constructor(config: MemoryConfig) {
    this.model = new MemoryModel(config);
    this.faults = new FaultPlan(config.faults);
  }

  /** A new connection, as a restarted gateway or a second replica makes it. Not guarded. */
  connect(): HypervisorProvider {
    const parts = { model: this.model, faults: this.faults, available: () => this.available };
    return new MemoryProvider(this.model, new Connection({ ...parts, onClose: () => undefined }));
  }

  /** Everything that exists, whoever made it and whatever no listing shows yet; without broken parts. */
  vms(): VmObservation[] {
    this.model.wake();
    const whole = [...this.model.vms.all()].filter((vm) => vm.phase !== 'BROKEN');
    return whole.map((vm) => observe(vm, Date.now()));
  }

  /** The parts that failed creations left. */
  leftovers(): VmObservation[] {
    this.model.wake();
    const broken = [...this.model.vms.all()].filter((vm) => vm.phase === 'BROKEN');
    return broken.map((vm) => observe(vm, Date.now()));
  }

  networks(): NetworkObservation[] {
    this.model.wake();
    return this.model.networks.all().map(observeNetwork);
  }

  /** As an administrator on the host would. Observers hear of it. */
  changeBehindBack(
    externalId: string,
    change: Partial<Pick<VmRecord, 'name' | 'cpuCount' | 'memoryMib' | 'diskGib' | 'powerState' | 'marker'>>,
  ): void {
    this.change(externalId, (vm) => Object.assign(vm, change));
  }

  rename(externalId: string, name: string): void {
    this.changeBehindBack(externalId, { name });
  }

  powerOff(externalId: string): void {
    this.change(externalId, (vm) => {
      halt(vm, 'POWERED_OFF');
    });
  }

  crash(externalId: string): void {
    this.change(externalId, (vm) => {
      halt(vm, 'CRASHED');
    });
  }

  /** The guest no longer answers a request to shut down. */
  hangGuest(externalId: string): void {
    this.change(externalId, (vm) => {
      vm.ignoresShutdown = true;
    });
  }

  destroy(externalId: string): void {
    this.model.wake();
    this.model.removeVm(this.require(externalId));
    this.model.persist();
  }

  /** The next call of `method` is refused with this before it does anything. */
  failNext(method: ProviderMethod, error: AppError): void {
    this.faults.order(method, { kind: 'REFUSE', error });
  }

  /** The next call of `method` is executed and answers UNAVAILABLE all the same. */
  loseNextReply(method: ProviderMethod): void {
    this.faults.order(method, { kind: 'LOSE_REPLY' });
  }

  /** The next call of `method` never answers. */
  hangNext(method: ProviderMethod): void {
    this.faults.order(method, { kind: 'HANG' });
  }

  /** The work that the next call of `method` begins ends FAILED, a creation leaving parts behind. */
  failNextLate(method: ProviderMethod, code: ErrorCode = 'RESOURCE_EXHAUSTED'): void {
    this.faults.order(method, { kind: 'FAIL_LATE', code, message: 'No host has room for it.' });
  }

  /** The work that the next call of `method` begins is dropped without a trace. */
  loseNextOperation(method: ProviderMethod): void {
    this.faults.order(method, { kind: 'LOSE_OPERATION' });
  }

  /** Whether the backend can be reached. Feeds fall silent meanwhile and resynchronise afterwards. */
  setUnavailable(unavailable: boolean): void {
    this.available = !unavailable;
    this.model.feed.setUp(this.available);
  }

  /** Stops the timer; what is due is still carried out by whoever calls. */
  close(): void {
    this.model.stop();
  }

  private change(externalId: string, apply: (vm: VmRecord) => void): void {
    this.model.wake();
    const vm = this.require(externalId);
    apply(vm);
    this.model.publish(vm);
    this.model.persist();
  }

  private require(externalId: string): VmRecord {
    const vm = this.model.vms.get(externalId);
    if (!vm) throw noSuchVm(externalId);
    return vm;
  }
}

/** @throws a ZodError for a configuration that the schema refuses */
export function createMemoryBackend(config: MemoryConfigInput = {}): MemoryBackend {
  return new MemoryBackend(memoryConfigSchema.parse(config));
}
