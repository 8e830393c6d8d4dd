import { cardsOf, disksOf } from '../model/machine';
import type { Machine } from '../model/machine';
import type { VimStruct } from '../vim/values';
import { customValues } from './entity';
import { guestFullName } from './guest-systems';
import { machinePath } from './machine-config';
import { GRAY, GREEN, data, dateOf, size } from './scalars';

function committed(machine: Machine): number {
  return Object.values(machine.files).reduce((sum, file) => sum + file.bytes, 0);
}

/** `summary` of a machine, with its runtime and guest as they are projected already. */
export function machineSummary(
  machine: Machine,
  runtime: VimStruct,
  guest: VimStruct | undefined,
): VimStruct {
  const { hardware } = machine;
  const running = machine.powerState === 'poweredOn';
  return data({
    $type: 'VirtualMachineSummary',
    vm: machine.ref,
    runtime,
    guest: summaryGuest(guest ?? NO_GUEST),
    config: summaryConfig(machine),
    storage: data({
      $type: 'VirtualMachineStorageSummary',
      committed: size(committed(machine)),
      uncommitted: size(0),
      unshared: size(committed(machine)),
      timestamp: dateOf(machine.modifiedMs),
    }),
    quickStats: data({
      $type: 'VirtualMachineQuickStats',
      overallCpuUsage: running ? hardware.cpuCount * 100 : 0,
      guestMemoryUsage: running ? Math.ceil(hardware.memoryMib / 10) : 0,
      hostMemoryUsage: running ? hardware.memoryMib : 0,
      guestHeartbeatStatus: machine.toolsRunning ? GREEN : GRAY,
    }),
    overallStatus: GREEN,
    customValue: machine.customValues.length === 0 ? undefined : customValues(machine),
  });
}

const NO_GUEST = data({ $type: 'GuestInfo' });

function summaryGuest(guest: VimStruct): VimStruct {
  return data({
    $type: 'VirtualMachineGuestSummary',
    guestId: guest['guestId'],
    guestFullName: guest['guestFullName'],
    toolsStatus: guest['toolsStatus'],
    toolsVersionStatus: guest['toolsVersionStatus'],
    toolsVersionStatus2: guest['toolsVersionStatus2'],
    toolsRunningStatus: guest['toolsRunningStatus'],
    hostName: guest['hostName'],
    ipAddress: guest['ipAddress'],
  });
}

function summaryConfig(machine: Machine): VimStruct {
  const { hardware, ready } = machine;
  if (!ready)
    return data({
      $type: 'VirtualMachineConfigSummary',
      name: machine.name,
      template: false,
      vmPathName: '',
    });
  return data({
    $type: 'VirtualMachineConfigSummary',
    name: machine.name,
    template: machine.template,
    vmPathName: machinePath(machine),
    memorySizeMB: hardware.memoryMib,
    cpuReservation: 0,
    memoryReservation: 0,
    numCpu: hardware.cpuCount,
    numEthernetCards: cardsOf(hardware).length,
    numVirtualDisks: disksOf(hardware).length,
    uuid: machine.uuid,
    instanceUuid: machine.instanceUuid,
    guestId: hardware.guestId,
    guestFullName: guestFullName(hardware.guestId),
    annotation: hardware.annotation,
    installBootRequired: false,
  });
}
