import { probeCapacity } from './capacity';
import type { BackendProbe } from '../contract';
import type { MemoryConfig } from './config';
import { AppError } from '../../kernel';
import { EventFeed } from './event-feed';
import { boot, bootIsDue, finishBoot, observe, powerOff, powerOn } from './guest';
import { NetworkTable } from './network-table';
import { OperationTable } from './operation-table';
import { isCreation } from './records';
import type { BackendState, Change, OperationRecord, VmRecord } from './records';
import { readStateFile, writeStateFile } from './state-file';
import { VmHost } from './vm-host';
import { VmTable } from './vm-table';

/** setTimeout counts in 31 bits; a longer wait is taken up again when it ends. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The little hypervisor. Nothing in it runs by itself: what is due is carried out by `advance`, which every call and a
 * timer call, so that a restart continues from the state file as if no time had been missed.
 */
export class MemoryModel {
  readonly vms = new VmTable();
  readonly networks: NetworkTable;
  readonly operations: OperationTable;
  readonly host: VmHost;
  readonly feed = new EventFeed();
  private sequence = 0;
  private loaded = false;
  private dirty = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(readonly config: MemoryConfig) {
    const nextId = () => ++this.sequence;
    this.networks = new NetworkTable(config, nextId);
    this.operations = new OperationTable(nextId);
    this.host = new VmHost({
      config,
      vms: this.vms,
      networks: this.networks,
      operations: this.operations,
      nextId,
      advance: (now) => {
        this.advance(now);
      },
      removeVm: (vm) => {
        this.removeVm(vm);
      },
    });
  }

  /** To be called ahead of everything else: reads the state file at the first time, and carries out what is due. */
  wake(): void {
    if (!this.loaded) this.load();
    this.advance(Date.now());
  }

  /** To be called after every change and ahead of every reply: what was answered must outlive the process. */
  persist(): void {
    this.arm();
    if (!this.dirty) return;
    if (this.config.stateFile !== undefined) {
      writeStateFile(this.config.stateFile, {
        version: 1,
        sequence: this.sequence,
        vms: [...this.vms.all()],
        networks: this.networks.all(),
        operations: this.operations.all(),
      });
    }
    this.dirty = false;
  }

  markDirty(): void {
    this.dirty = true;
  }

  capacity(): BackendProbe['capacity'] {
    return probeCapacity(this.config.capacity, this.vms.all());
  }

  /** Tells of a change of a VM. */
  publish(vm: VmRecord): void {
    this.dirty = true;
    if (vm.phase !== 'BROKEN') this.feed.publish({ type: 'VM_CHANGED', vm: observe(vm, Date.now()) });
  }

  removeVm(vm: VmRecord): void {
    this.dirty = true;
    this.vms.remove(vm);
    for (const nic of vm.nics) this.networks.detach(nic.networkExternalId, nic.address);
    if (vm.phase !== 'BROKEN') this.feed.publish({ type: 'VM_GONE', externalId: vm.externalId });
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private advance(now: number): void {
    for (const operation of this.operations.due(now)) this.conclude(operation, now);
    for (const vm of this.booting()) {
      if (!bootIsDue(vm, now)) continue;
      finishBoot(vm);
      this.publish(vm);
    }
  }

  private conclude(operation: OperationRecord, now: number): void {
    this.dirty = true;
    const vm = this.vms.get(operation.vmExternalId);
    if (!vm || operation.fate.kind === 'VANISH') {
      this.operations.drop(operation);
      if (vm && isCreation(operation.change)) this.removeVm(vm);
      return;
    }
    try {
      if (operation.fate.kind === 'FAIL') throw new AppError(operation.fate.code, operation.fate.message);
      this.apply(vm, operation.change, now);
      this.operations.finish(operation);
    } catch (error) {
      this.operations.fail(operation, error);
      if (isCreation(operation.change)) this.breakVm(vm);
    }
  }

  private apply(vm: VmRecord, change: Change, now: number): void {
    if (change.kind === 'DELETE') {
      this.removeVm(vm);
      return;
    }
    if (change.kind === 'CREATE') this.finishCreation(vm, now);
    else if (change.kind === 'CLONE') vm.phase = 'CLONED';
    else if (change.kind === 'SHUTDOWN') powerOff(vm);
    else if (change.kind === 'REBOOT') boot(vm, now, this.config.guestBootMs);
    else if (change.kind === 'POWER') this.applyPower(vm, change.to, now);
    else {
      const { kind, ...size } = change;
      Object.assign(vm, size);
      if (kind === 'CUSTOMIZE') this.finishCreation(vm, now);
    }
    this.publish(vm);
  }

  private finishCreation(vm: VmRecord, now: number): void {
    if (this.config.startsOnCreate) this.applyPower(vm, 'POWERED_ON', now);
    vm.phase = 'READY';
  }

  private applyPower(vm: VmRecord, to: Extract<Change, { kind: 'POWER' }>['to'], now: number): void {
    if (to === 'POWERED_OFF') powerOff(vm);
    else if (to === 'SUSPENDED') vm.powerState = 'SUSPENDED';
    else {
      // Checked at the beginning too; but others may have taken the room meanwhile.
      this.host.requireRoom(vm, true);
      powerOn(vm, now, this.config.guestBootMs);
    }
  }

  /** Leaves the disk and the cards of a creation that failed, as real hosts do. */
  private breakVm(vm: VmRecord): void {
    this.feed.publish({ type: 'VM_GONE', externalId: vm.externalId });
    vm.phase = 'BROKEN';
    vm.powerState = 'POWERED_OFF';
  }

  private *booting(): Generator<VmRecord> {
    if (this.config.guestBootMs === 0) return;
    for (const vm of this.vms.all()) if (vm.bootsAt !== null) yield vm;
  }

  private arm(): void {
    this.stop();
    let dueAt = this.operations.nextDueAt();
    for (const vm of this.booting())
      if (vm.powerState === 'POWERED_ON') dueAt = Math.min(dueAt, vm.bootsAt ?? dueAt);
    if (dueAt === Infinity) return;
    const delay = Math.min(LONGEST_TIMER_MS, Math.max(1, dueAt - Date.now()));
    this.timer = setTimeout(() => {
      this.onTimer();
    }, delay);
    this.timer.unref();
  }

  private onTimer(): void {
    try {
      this.wake();
      this.persist();
    } catch {
      // The state file cannot be written now; what changed stays marked, and the next call tells its caller.
    }
  }

  private load(): void {
    const state = this.config.stateFile === undefined ? null : readStateFile(this.config.stateFile);
    if (state) this.restore(state);
    this.loaded = true;
  }

  private restore(state: BackendState): void {
    this.sequence = state.sequence;
    this.networks.restore(state.networks);
    this.operations.restore(state.operations);
    for (const vm of state.vms) {
      this.vms.add(vm);
      for (const nic of vm.nics) this.networks.restoreAddress(nic.networkExternalId, nic.address);
    }
  }
}
