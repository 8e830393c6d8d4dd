import type { Hardware, Machine } from '../model/machine';
import type { World } from '../model/world';
import type { VimStruct, VimValue } from '../vim/values';
import { array } from '../vim/values';
import { devicesOf } from './devices';
import { guestFullName } from './guest-systems';
import { data, dateOf, enumOf, size } from './scalars';

const FLAGS = data({
  $type: 'VirtualMachineFlagInfo',
  disableAcceleration: false,
  enableLogging: true,
  useToe: false,
  runWithDebugInfo: false,
  monitorType: 'release',
  htSharing: 'any',
  snapshotDisabled: false,
  snapshotLocked: false,
  diskUuidEnabled: false,
  virtualMmuUsage: 'automatic',
  virtualExecUsage: 'hvAuto',
  snapshotPowerOffBehavior: 'powerOff',
  recordReplayEnabled: false,
});

const POWER_OPS = data({
  $type: 'VirtualMachineDefaultPowerOpInfo',
  powerOffType: 'soft',
  suspendType: 'hard',
  resetType: 'soft',
  defaultPowerOffType: 'soft',
  defaultSuspendType: 'hard',
  defaultResetType: 'soft',
  standbyAction: 'checkpoint',
});

const TOOLS = data({
  $type: 'ToolsConfigInfo',
  toolsVersion: 12_352,
  toolsInstallType: 'guestToolsTypeOpenVMTools',
  afterPowerOn: true,
  afterResume: true,
  beforeGuestStandby: true,
  beforeGuestShutdown: true,
  beforeGuestReboot: undefined,
  toolsUpgradePolicy: 'manual',
  pendingCustomization: undefined,
  syncTimeWithHostAllowed: true,
  syncTimeWithHost: false,
});

const BOOT = data({
  $type: 'VirtualMachineBootOptions',
  bootDelay: size(0),
  enterBIOSSetup: false,
  efiSecureBootEnabled: false,
  bootRetryEnabled: false,
  bootRetryDelay: size(10_000),
});

/** vCenter's own counter of changes, which a reconfiguration may ask for. */
export function changeVersion(machine: Machine): string {
  return [dateOf(machine.modifiedMs).toISOString(), machine.changeNumber].join('#');
}

/** `config` as it is now, or as a snapshot has frozen it. */
export function machineConfig(world: World, machine: Machine, hardware: Hardware): VimStruct {
  const { memoryMib, cpuCount } = hardware;
  return data({
    $type: 'VirtualMachineConfigInfo',
    changeVersion: changeVersion(machine),
    modified: dateOf(machine.modifiedMs),
    name: machine.name,
    guestFullName: guestFullName(hardware.guestId),
    version: machine.version,
    uuid: machine.uuid,
    createDate: dateOf(machine.createdMs),
    instanceUuid: machine.instanceUuid,
    template: machine.template,
    guestId: hardware.guestId,
    alternateGuestName: '',
    annotation: hardware.annotation === '' ? undefined : hardware.annotation,
    files: files(machine),
    tools: TOOLS,
    flags: FLAGS,
    defaultPowerOps: POWER_OPS,
    hardware: data({
      $type: 'VirtualHardware',
      numCPU: cpuCount,
      numCoresPerSocket: hardware.coresPerSocket,
      memoryMB: memoryMib,
      virtualICH7MPresent: false,
      virtualSMCPresent: false,
      device: devicesOf(world, hardware.devices),
    }),
    cpuAllocation: share('cpu', cpuCount * 1000),
    memoryAllocation: share('memory', memoryMib * 10),
    memoryHotAddEnabled: hardware.memoryHotAdd,
    cpuHotAddEnabled: hardware.cpuHotAdd,
    cpuHotRemoveEnabled: false,
    extraConfig: array('OptionValue', hardware.extraConfig.map(option)),
    swapPlacement: 'inherit',
    bootOptions: BOOT,
    vAssertsEnabled: false,
    changeTrackingEnabled: false,
    firmware: hardware.firmware,
    maxMksConnections: -1,
    guestAutoLockEnabled: true,
    memoryReservationLockedToMax: false,
    nestedHVEnabled: false,
    vPMCEnabled: false,
  });
}

function option([key, value]: readonly [string, string]): VimValue {
  return data({ $type: 'OptionValue', key, value });
}

function files(machine: Machine): VimStruct {
  return data({
    $type: 'VirtualMachineFileInfo',
    vmPathName: machinePath(machine),
    snapshotDirectory: machine.directory,
    suspendDirectory: machine.directory,
    logDirectory: machine.directory,
  });
}

/** `[datastore] folder/folder.vmx` */
export function machinePath(machine: Machine): string {
  const folder = /\] (.*)\/$/.exec(machine.directory)?.[1] ?? machine.name;
  return [machine.directory, folder, '.vmx'].join('');
}

const shares = new Map<string, VimStruct>();

function share(kind: 'cpu' | 'memory', amount: number): VimStruct {
  const key = `${kind} ${amount}`;
  let found = shares.get(key);
  if (!found) {
    found = data({
      $type: 'ResourceAllocationInfo',
      reservation: size(0),
      expandableReservation: false,
      limit: size(-1),
      shares: data({ $type: 'SharesInfo', shares: amount, level: enumOf('SharesLevel', 'normal') }),
    });
    shares.set(key, found);
  }
  return found;
}
