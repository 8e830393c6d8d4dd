import { entityBase } from '../model/build/entity-base';
import { invalidPowerState } from '../model/names';
import type { LeaseRecord } from '../model/records';
import type { Timers } from '../model/timers';
import type { World } from '../model/world';
import { LEASE_TIMEOUT_SECONDS } from '../projection/lease';
import { invalidArgument, optionalInt } from '../service/arguments';
import type { Method, MethodCall, MethodTable } from '../service/method';
import { VimFault } from '../vim/fault';

/** Leases for exports. They tell the sizes; contents are not served, and so no lease has a URL. */
export class Exports {
  constructor(
    private readonly world: World,
    private readonly timers: Timers,
  ) {}

  machineMethods(): Record<string, Method> {
    const { world } = this;
    return {
      ExportVm: ({ self }) => {
        const machine = world.named('MACHINE', self, '_this');
        if (machine.powerState !== 'poweredOff') throw invalidPowerState('poweredOff', machine.powerState);
        const lease = world.add<LeaseRecord>({
          kind: 'LEASE',
          ...entityBase(world.newRef('HttpNfcLease', 'lease'), 'lease', null),
          machine: machine.ref.value,
          state: 'ready',
          progress: 0,
          deadlineMs: world.now() + LEASE_TIMEOUT_SECONDS * 1000,
        });
        this.watch(lease);
        return lease.ref;
      },
    };
  }

  leaseMethods(): MethodTable {
    const leaseOf = ({ self }: MethodCall) => {
      const lease = this.world.named('LEASE', self, '_this');
      if (lease.state !== 'ready') throw new VimFault('InvalidState', {}, 'The lease is over.');
      return lease;
    };
    const end = (lease: LeaseRecord, state: 'done' | 'error'): undefined => {
      lease.state = state;
      this.world.touch(lease);
      this.timers.after(LEASE_TIMEOUT_SECONDS * 1000, () => this.world.run(() => this.world.remove(lease)));
    };
    return {
      type: 'HttpNfcLease',
      methods: {
        HttpNfcLeaseProgress: (call) => {
          const lease = leaseOf(call);
          const percent = optionalInt(call.request, 'percent') ?? -1;
          if (percent < 0 || percent > 100) throw invalidArgument('percent');
          lease.progress = percent;
          lease.deadlineMs = this.world.now() + LEASE_TIMEOUT_SECONDS * 1000;
          this.world.touch(lease);
          return undefined;
        },
        HttpNfcLeaseComplete: (call) => end(leaseOf(call), 'done'),
        HttpNfcLeaseAbort: (call) => end(leaseOf(call), 'error'),
      },
    };
  }

  /** Who says nothing for too long has lost the lease. */
  private watch(lease: LeaseRecord): void {
    this.timers.after(Math.max(0, lease.deadlineMs - this.world.now()) + 1, () => {
      if (lease.state !== 'ready') return;
      if (lease.deadlineMs > this.world.now()) this.watch(lease);
      else this.world.run(() => this.world.remove(lease));
    });
  }
}
