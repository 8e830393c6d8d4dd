import { isProtected } from '../../kernel';
import type { Marker, VmRef, VmSize, VmSpec } from '../contract';
import { requireCapacity } from './capacity';
import type { MemoryConfig } from './config';
import { HypervisorFault } from './errors';
import type { NetworkTable } from './network-table';
import type { OperationTable } from './operation-table';
import { requireResizable, sizeAfter, sizeIsReached } from './resize-rules';
import type { Change, Fate, OperationRecord, VmRecord } from './records';
import { noSuchVm } from './vm-table';
import type { VmTable } from './vm-table';

/** What a mutation led to: the operation that is under way, or none where everything is as wanted already. */
export interface Begun {
  readonly vm: VmRecord;
  readonly operation: OperationRecord | null;
}

export interface HostParts {
  readonly config: MemoryConfig;
  readonly vms: VmTable;
  readonly networks: NetworkTable;
  readonly operations: OperationTable;
  readonly nextId: () => number;
  /** Carries out an operation that takes no time. */
  readonly advance: (now: number) => void;
  readonly removeVm: (vm: VmRecord) => void;
}

/** What a copy of an image has before it is made as large as asked. */
const CLONE_SIZE = { cpuCount: 1, memoryMib: 64 };

/** Takes mutations of VMs: checks them at once and begins the work. */
export class VmHost {
  constructor(private readonly parts: HostParts) {}

  create(spec: VmSpec, fate: Fate, now: number): Begun {
    const existing = this.existing(spec.marker, now);
    if (existing) return this.goOn(existing, spec, fate, now);
    this.requireCreatable(spec);
    // What an earlier attempt left is in the way of this one.
    for (const vm of this.parts.vms.ofOwner(spec.marker)) if (vm.phase === 'BROKEN') this.parts.removeVm(vm);
    const staged = this.parts.config.asynchronous && this.parts.config.stagedCreation;
    const vm = this.newRecord(staged ? { ...spec, ...CLONE_SIZE } : spec, now);
    this.parts.vms.add(vm);
    return this.begin(vm, { kind: staged ? 'CLONE' : 'CREATE' }, fate, now);
  }

  /** The creation repeated: joins what is under way, or begins the stage that is due. */
  private goOn(vm: VmRecord, { cpuCount, memoryMib }: VmSpec, fate: Fate, now: number): Begun {
    const operation = this.parts.operations.creationOf(vm);
    if (operation !== null || vm.phase !== 'CLONED') return { vm, operation };
    return this.begin(vm, { kind: 'CUSTOMIZE', cpuCount, memoryMib }, fate, now);
  }

  power(ref: VmRef, to: 'POWERED_ON' | 'POWERED_OFF' | 'SUSPENDED', fate: Fate, now: number): Begun {
    const vm = this.parts.vms.require(ref);
    const change: Change = { kind: 'POWER', to };
    const joined = this.parts.operations.joined(vm, change);
    if (joined) return { vm, operation: joined };
    if (vm.powerState === to) return { vm, operation: null };
    if (to === 'SUSPENDED') requireState(vm, 'POWERED_ON');
    if (to === 'POWERED_ON') this.requireRoom(vm, true);
    return this.begin(vm, change, fate, now);
  }

  resume(ref: VmRef, fate: Fate, now: number): Begun {
    const vm = this.parts.vms.require(ref);
    if (vm.powerState !== 'POWERED_ON') requireState(vm, 'SUSPENDED');
    return this.power(ref, 'POWERED_ON', fate, now);
  }

  /** @throws GuestDoesNotAnswer */
  stopGracefully(ref: VmRef, fate: Fate, now: number): Begun {
    const vm = this.parts.vms.require(ref);
    if (vm.powerState === 'POWERED_OFF') return { vm, operation: null };
    requireState(vm, 'POWERED_ON');
    const change: Change = { kind: 'SHUTDOWN' };
    const joined = this.parts.operations.joined(vm, change);
    if (joined) return { vm, operation: joined };
    const { operationMs, gracefulStopMs } = this.parts.config;
    // A guest that still boots hears the request when it is up.
    const answersAfterMs = Math.max(operationMs, (vm.bootsAt ?? now) - now);
    const silent = vm.ignoresShutdown || answersAfterMs > gracefulStopMs;
    const outcome: Fate = silent
      ? { kind: 'FAIL', code: 'DEADLINE_EXCEEDED', message: 'The guest did not shut down in time.' }
      : fate;
    return this.begin(vm, change, outcome, now, silent ? gracefulStopMs : answersAfterMs);
  }

  reboot(ref: VmRef, fate: Fate, now: number): Begun {
    const vm = this.parts.vms.require(ref);
    const joined = this.parts.operations.joined(vm, { kind: 'REBOOT' });
    if (joined) return { vm, operation: joined };
    requireState(vm, 'POWERED_ON');
    return this.begin(vm, { kind: 'REBOOT' }, fate, now);
  }

  resize(ref: VmRef, size: VmSize, fate: Fate, now: number): Begun {
    const vm = this.parts.vms.require(ref);
    const wanted = sizeAfter(vm, size);
    const change: Change = { kind: 'RESIZE', ...wanted };
    const joined = this.parts.operations.joined(vm, change);
    if (joined) return { vm, operation: joined };
    if (sizeIsReached(vm, wanted)) return { vm, operation: null };
    requireResizable(vm, wanted, this.parts.config.capabilities);
    requireCapacity(this.parts.config.capacity, this.others(vm), wanted, vm.powerState === 'POWERED_ON');
    return this.begin(vm, change, fate, now);
  }

  /** Null when there is nothing left to remove. */
  delete(ref: VmRef, fate: Fate, now: number): OperationRecord | null {
    const found = this.parts.vms.get(ref.externalId);
    if (found && !this.parts.vms.ofOwner(ref.marker).includes(found)) throw noSuchVm(ref.externalId);
    const carriers = this.parts.vms.ofOwner(ref.marker);
    for (const vm of carriers) if (vm.phase === 'BROKEN') this.parts.removeVm(vm);
    const alive = carriers.filter((vm) => vm.phase !== 'BROKEN' && (ref.externalId === '' || vm === found));
    const [last, ...others] = alive.reverse();
    // One operation stands for all of them; only the doubles of an early repetition are ever more than one.
    for (const vm of others) this.parts.removeVm(vm);
    if (!last) return null;
    const change: Change = { kind: 'DELETE' };
    return this.parts.operations.joined(last, change) ?? this.begin(last, change, fate, now).operation;
  }

  /** @throws NoCapacity when the VM would not fit beside the others in this power state */
  requireRoom(vm: VmRecord, running: boolean): void {
    requireCapacity(this.parts.config.capacity, this.others(vm), vm, running);
  }

  private existing(marker: Marker, now: number): VmRecord | null {
    if (!isProtected('find')) return null;
    if (!this.parts.config.idempotencyKey) return this.parts.vms.located(marker, now);
    return this.parts.vms.ofOwner(marker).find((vm) => vm.phase !== 'BROKEN') ?? null;
  }

  private begin(vm: VmRecord, change: Change, fate: Fate, now: number, durationMs?: number): Begun {
    const duration = durationMs ?? this.parts.config.operationMs;
    const operation = this.parts.operations.begin(vm, change, fate, now, duration);
    this.parts.advance(now);
    return { vm, operation };
  }

  private *others(vm: VmRecord | null): Generator<VmRecord> {
    for (const other of this.parts.vms.all()) if (other !== vm) yield other;
  }

  private requireCreatable(spec: VmSpec): void {
    const images = this.parts.config.images;
    const image = images?.find(({ name }) => name === spec.imageExternalId);
    if (images && !image) throw new HypervisorFault('NoSuchImage', 'The image was not found.');
    if (spec.diskGib < (image?.minDiskGib ?? 1)) {
      throw new HypervisorFault('DiskTooSmall', 'The disk is smaller than the image.');
    }
    this.parts.networks.requireAll(spec.networks);
    requireCapacity(this.parts.config.capacity, this.others(null), spec, this.parts.config.startsOnCreate);
  }

  private newRecord(spec: VmSpec, now: number): VmRecord {
    const sequence = this.parts.nextId();
    return {
      externalId: `vm-${sequence}`,
      sequence,
      marker: { ...spec.marker },
      name: spec.name,
      hostname: spec.hostname,
      powerState: 'POWERED_OFF',
      cpuCount: spec.cpuCount,
      memoryMib: spec.memoryMib,
      diskGib: spec.diskGib,
      nics: this.newCards(spec, sequence),
      sshKeyCount: spec.sshKeys.length,
      userDataBytes: Buffer.byteLength(spec.userData ?? ''),
      phase: 'BUILDING',
      visibleAt: now + this.parts.config.listingLagMs,
      guestUp: false,
      bootsAt: null,
      ignoresShutdown: false,
      console: '',
    };
  }

  private newCards(spec: VmSpec, sequence: number): VmRecord['nics'] {
    const cards: VmRecord['nics'] = [];
    try {
      for (const [index, { externalId }] of spec.networks.entries()) {
        const address = this.parts.networks.attach(externalId);
        cards.push({ networkExternalId: externalId, macAddress: macAddress(sequence, index), address });
      }
    } catch (error) {
      for (const card of cards) this.parts.networks.detach(card.networkExternalId, card.address);
      throw error;
    }
    return cards;
  }
}

function requireState(vm: VmRecord, state: VmRecord['powerState']): void {
  if (vm.powerState === state) return;
  throw new HypervisorFault('WrongState', `The VM is ${vm.powerState} and not ${state}.`);
}

/** Locally administered, and one of its own for each card of this host. */
function macAddress(sequence: number, index: number): string {
  const digits = (((sequence % 2 ** 24) * 256 + (index % 256)) >>> 0).toString(16).padStart(8, '0');
  return `02:00:${(digits.match(/../g) ?? []).join(':')}`;
}
