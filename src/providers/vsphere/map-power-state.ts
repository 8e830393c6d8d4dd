import type { PowerState } from '../contract';

const POWER_STATES: Readonly<Record<string, PowerState>> = {
  poweredOn: 'POWERED_ON',
  poweredOff: 'POWERED_OFF',
  suspended: 'SUSPENDED',
};

/** From `VirtualMachinePowerState`. vSphere has no state for a crashed guest: it stays powered on. */
export function powerStateOf(state: string | undefined): PowerState {
  return POWER_STATES[state ?? ''] ?? 'UNKNOWN';
}
