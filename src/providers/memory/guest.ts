import { formatIpv4 } from '../contract';
import type { VmObservation } from '../contract';
import type { VmRecord } from './records';

/** What runs inside a VM: it boots, writes to its console, takes addresses and shuts down. Pure changes of one record. */

const CONSOLE_LIMIT = 64 * 1024;

/** What the console shows when a guest has booted, ahead of the host name. */
export const GUEST_READY = 'GUEST-READY';
export const GUEST_POWEROFF = 'GUEST-POWEROFF';

export function observe(vm: VmRecord, now: number): VmObservation {
  return {
    externalId: vm.externalId,
    marker: vm.marker,
    name: vm.name,
    powerState: vm.powerState,
    cpuCount: vm.cpuCount,
    memoryMib: vm.memoryMib,
    diskGib: vm.diskGib,
    nics: vm.nics.map((nic) => ({
      networkExternalId: nic.networkExternalId,
      macAddress: nic.macAddress,
      ipAddresses: vm.guestUp ? [formatIpv4(nic.address)] : [],
    })),
    observedAt: now,
  };
}

export function powerOn(vm: VmRecord, now: number, bootMs: number): void {
  const resumed = vm.powerState === 'SUSPENDED';
  vm.powerState = 'POWERED_ON';
  if (!resumed) boot(vm, now, bootMs);
}

export function boot(vm: VmRecord, now: number, bootMs: number): void {
  vm.guestUp = false;
  vm.bootsAt = now + bootMs;
  write(vm, `[    0.000000] Booting ${vm.hostname}: ${vm.cpuCount} CPUs, ${vm.memoryMib} MiB`);
  if (bootMs === 0) finishBoot(vm);
}

export function finishBoot(vm: VmRecord): void {
  vm.bootsAt = null;
  vm.guestUp = true;
  vm.nics.forEach((nic, index) => {
    write(vm, `DHCP-OK eth${index} ${formatIpv4(nic.address)}`);
  });
  write(vm, `cloud-init: ${vm.sshKeyCount} SSH keys, ${vm.userDataBytes} bytes of user data`);
  write(vm, `${GUEST_READY} ${vm.hostname}`);
}

/** Whether a guest that boots is up by now. */
export function bootIsDue(vm: VmRecord, now: number): boolean {
  return vm.powerState === 'POWERED_ON' && vm.bootsAt !== null && vm.bootsAt <= now;
}

export function powerOff(vm: VmRecord): void {
  if (vm.guestUp && vm.powerState === 'POWERED_ON') write(vm, GUEST_POWEROFF);
  halt(vm, 'POWERED_OFF');
}

/** Without a word from the guest, as when it crashes. */
export function halt(vm: VmRecord, powerState: 'POWERED_OFF' | 'CRASHED'): void {
  vm.powerState = powerState;
  vm.guestUp = false;
  vm.bootsAt = null;
}

function write(vm: VmRecord, line: string): void {
  vm.console = `${vm.console}${line}\r\n`.slice(-CONSOLE_LIMIT);
}
