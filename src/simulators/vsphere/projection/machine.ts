import type { Machine, Snapshot } from '../model/machine';
import { cardsOf, everySnapshot } from '../model/machine';
import type { World } from '../model/world';
import type { MoRef, VimArray, VimStruct } from '../vim/values';
import { array, moRef } from '../vim/values';
import { entityProperties } from './entity';
import type { Properties } from './entity';
import { guestInfo } from './guest';
import { MACHINE_CAPABILITY } from './machine-capability';
import { machineConfig } from './machine-config';
import { machineSummary } from './machine-summary';
import { GRAY, GREEN, data, dateOf, enumOf, refs, size } from './scalars';

/** A machine, and an object for each of its snapshots. */
export function machineObjects(world: World, machine: Machine): (readonly [MoRef, Properties])[] {
  const objects: (readonly [MoRef, Properties])[] = [[machine.ref, machineProperties(world, machine)]];
  for (const snapshot of everySnapshot(machine.snapshots))
    objects.push([snapshot.ref, snapshotProperties(world, machine, snapshot)]);
  return objects;
}

function machineProperties(world: World, machine: Machine): Properties {
  const runtime = runtimeInfo(machine);
  const { ready } = machine;
  const guest = ready ? guestInfo(world, machine) : undefined;
  const entity = entityProperties(world, machine);
  // Field by field: a spread of so many makes an object that is slow, and there are ten thousand of these.
  return {
    value: entity.value,
    availableField: entity.availableField,
    parent: entity.parent,
    customValue: entity.customValue,
    overallStatus: entity.overallStatus,
    configStatus: entity.configStatus,
    configIssue: entity.configIssue,
    effectiveRole: entity.effectiveRole,
    permission: entity.permission,
    name: entity.name,
    disabledMethod: entity.disabledMethod,
    recentTask: entity.recentTask,
    declaredAlarmState: entity.declaredAlarmState,
    triggeredAlarmState: entity.triggeredAlarmState,
    alarmActionsEnabled: entity.alarmActionsEnabled,
    tag: entity.tag,
    capability: MACHINE_CAPABILITY,
    config: ready ? machineConfig(world, machine, machine.hardware) : undefined,
    storage: ready ? storage(machine) : undefined,
    resourcePool: machine.pool === null ? undefined : world.ref(machine.pool),
    runtime,
    guest,
    summary: machineSummary(machine, runtime, guest),
    datastore: refs(datastoresOf(machine).map((id) => moRef('Datastore', id))),
    network: refs(
      ready
        ? [...new Set(cardsOf(machine.hardware).map((card) => card.network))].map((id) => world.ref(id))
        : [],
    ),
    snapshot: snapshotInfo(machine),
    rootSnapshot: refs(machine.snapshots.map((snapshot) => snapshot.ref)),
    guestHeartbeatStatus: machine.toolsRunning ? GREEN : GRAY,
  };
}

function datastoresOf(machine: Machine): string[] {
  return [...new Set([machine.datastore, ...Object.values(machine.files).map((file) => file.datastore)])];
}

function runtimeInfo(machine: Machine): VimStruct {
  const running = machine.powerState === 'poweredOn';
  return data({
    $type: 'VirtualMachineRuntimeInfo',
    host: moRef('HostSystem', machine.host),
    connectionState: enumOf('VirtualMachineConnectionState', 'connected'),
    powerState: enumOf('VirtualMachinePowerState', machine.powerState),
    faultToleranceState: enumOf('VirtualMachineFaultToleranceState', 'notConfigured'),
    toolsInstallerMounted: false,
    suspendTime: machine.suspendedMs === null ? undefined : dateOf(machine.suspendedMs),
    bootTime: machine.bootedMs === null ? undefined : dateOf(machine.bootedMs),
    suspendInterval: size(0),
    memoryOverhead: undefined,
    maxCpuUsage: running ? machine.hardware.cpuCount * 2600 : undefined,
    maxMemoryUsage: running ? machine.hardware.memoryMib : undefined,
    numMksConnections: 0,
    recordReplayState: enumOf('VirtualMachineRecordReplayState', 'inactive'),
    cleanPowerOff: running ? undefined : machine.cleanPowerOff,
    onlineStandby: false,
    consolidationNeeded: false,
    paused: false,
  });
}

function storage(machine: Machine): VimStruct {
  const used = new Map<string, number>();
  for (const { datastore, bytes } of Object.values(machine.files))
    used.set(datastore, (used.get(datastore) ?? 0) + bytes);
  return data({
    $type: 'VirtualMachineStorageInfo',
    perDatastoreUsage: array(
      'VirtualMachineUsageOnDatastore',
      [...used].map(([id, bytes]) =>
        data({
          $type: 'VirtualMachineUsageOnDatastore',
          datastore: moRef('Datastore', id),
          committed: size(bytes),
          uncommitted: size(0),
          unshared: size(bytes),
        }),
      ),
    ),
    timestamp: dateOf(machine.modifiedMs),
  });
}

function snapshotInfo(machine: Machine): VimStruct | undefined {
  if (machine.snapshots.length === 0) return undefined;
  return data({
    $type: 'VirtualMachineSnapshotInfo',
    currentSnapshot:
      machine.currentSnapshot === null ? undefined : moRef('VirtualMachineSnapshot', machine.currentSnapshot),
    rootSnapshotList: snapshotTrees(machine, machine.snapshots),
  });
}

function snapshotTrees(machine: Machine, snapshots: readonly Snapshot[]): VimArray {
  return array(
    'VirtualMachineSnapshotTree',
    snapshots.map((one) =>
      data({
        $type: 'VirtualMachineSnapshotTree',
        snapshot: one.ref,
        vm: machine.ref,
        name: one.name,
        description: one.description,
        id: one.number,
        createTime: dateOf(one.createdMs),
        state: enumOf('VirtualMachinePowerState', one.state),
        quiesced: one.quiesced,
        childSnapshotList: one.children.length === 0 ? undefined : snapshotTrees(machine, one.children),
        replaySupported: false,
      }),
    ),
  );
}

function snapshotProperties(world: World, machine: Machine, snapshot: Snapshot): Properties {
  return {
    value: array('CustomFieldValue', []),
    availableField: array('CustomFieldDef', []),
    config: machineConfig(world, machine, snapshot.frozen),
    childSnapshot: refs(snapshot.children.map((child) => child.ref)),
    vm: machine.ref,
  };
}
