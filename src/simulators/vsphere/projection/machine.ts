import type { Machine, Snapshot } from '../model/machine';
import { cardsOf, disksOf, everySnapshot } from '../model/machine';
import type { World } from '../model/world';
import type { MoRef, VimArray, VimStruct } from '../vim/values';
import { array, long, moRef, struct } from '../vim/values';
import { customValues, entityProperties } from './entity';
import type { Properties } from './entity';
import { guestInfo } from './guest';
import { guestFullName } from './guest-systems';
import { machineConfig, machinePath } from './machine-config';
import { GRAY, GREEN, enumOf, refs } from './scalars';

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
  return {
    ...entityProperties(world, machine),
    capability: CAPABILITY,
    config: ready ? machineConfig(world, machine, machine.hardware) : undefined,
    layoutEx: ready ? layout(machine) : undefined,
    storage: ready ? storage(machine) : undefined,
    resourcePool: machine.pool === null ? undefined : world.ref(machine.pool),
    runtime,
    guest,
    summary: summary(machine, runtime, guest),
    datastore: refs(datastoresOf(machine).map((id) => moRef('Datastore', id))),
    network: refs(
      ready ? [...new Set(cardsOf(machine.hardware).map((card) => card.network))].map((id) => world.ref(id)) : [],
    ),
    snapshot: snapshotInfo(machine),
    rootSnapshot: refs(machine.snapshots.map((snapshot) => snapshot.ref)),
    guestHeartbeatStatus: machine.toolsRunning ? GREEN : GRAY,
  };
}

const CAPABILITY = struct('VirtualMachineCapability', {
  snapshotOperationsSupported: true,
  multipleSnapshotsSupported: true,
  snapshotConfigSupported: true,
  poweredOffSnapshotsSupported: true,
  memorySnapshotsSupported: true,
  revertToSnapshotSupported: true,
});

function datastoresOf(machine: Machine): string[] {
  return [...new Set([machine.datastore, ...Object.values(machine.files).map((file) => file.datastore)])];
}

function runtimeInfo(machine: Machine): VimStruct {
  const running = machine.powerState === 'poweredOn';
  return struct('VirtualMachineRuntimeInfo', {
    host: moRef('HostSystem', machine.host),
    connectionState: enumOf('VirtualMachineConnectionState', 'connected'),
    powerState: enumOf('VirtualMachinePowerState', machine.powerState),
    faultToleranceState: enumOf('VirtualMachineFaultToleranceState', 'notConfigured'),
    toolsInstallerMounted: false,
    suspendTime: machine.suspendedMs === null ? undefined : new Date(machine.suspendedMs),
    bootTime: machine.bootedMs === null ? undefined : new Date(machine.bootedMs),
    suspendInterval: long(0),
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

function committed(machine: Machine): number {
  return Object.values(machine.files).reduce((sum, file) => sum + file.bytes, 0);
}

function summary(machine: Machine, runtime: VimStruct, guest: VimStruct | undefined): VimStruct {
  const { hardware } = machine;
  const running = machine.powerState === 'poweredOn';
  return struct('VirtualMachineSummary', {
    vm: machine.ref,
    runtime,
    guest: struct('VirtualMachineGuestSummary', {
      guestId: guest?.['guestId'],
      guestFullName: guest?.['guestFullName'],
      toolsStatus: guest?.['toolsStatus'],
      toolsVersionStatus: guest?.['toolsVersionStatus'],
      toolsVersionStatus2: guest?.['toolsVersionStatus2'],
      toolsRunningStatus: guest?.['toolsRunningStatus'],
      hostName: guest?.['hostName'],
      ipAddress: guest?.['ipAddress'],
    }),
    config: summaryConfig(machine),
    storage: struct('VirtualMachineStorageSummary', {
      committed: long(committed(machine)),
      uncommitted: long(0),
      unshared: long(committed(machine)),
      timestamp: new Date(machine.modifiedMs),
    }),
    quickStats: struct('VirtualMachineQuickStats', {
      overallCpuUsage: running ? hardware.cpuCount * 100 : 0,
      guestMemoryUsage: running ? Math.ceil(hardware.memoryMib / 10) : 0,
      hostMemoryUsage: running ? hardware.memoryMib : 0,
      guestHeartbeatStatus: machine.toolsRunning ? GREEN : GRAY,
    }),
    overallStatus: GREEN,
    customValue: machine.customValues.length === 0 ? undefined : customValues(machine),
  });
}

function summaryConfig(machine: Machine): VimStruct {
  const { hardware, ready } = machine;
  if (!ready) return struct('VirtualMachineConfigSummary', { name: machine.name, template: false, vmPathName: '' });
  return struct('VirtualMachineConfigSummary', {
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

function storage(machine: Machine): VimStruct {
  const used = new Map<string, number>();
  for (const { datastore, bytes } of Object.values(machine.files))
    used.set(datastore, (used.get(datastore) ?? 0) + bytes);
  return struct('VirtualMachineStorageInfo', {
    perDatastoreUsage: array(
      'VirtualMachineUsageOnDatastore',
      [...used].map(([id, bytes]) =>
        struct('VirtualMachineUsageOnDatastore', {
          datastore: moRef('Datastore', id),
          committed: long(bytes),
          uncommitted: long(0),
          unshared: long(bytes),
        }),
      ),
    ),
    timestamp: new Date(machine.modifiedMs),
  });
}

function layout(machine: Machine): VimStruct {
  const files = Object.entries(machine.files).map(([name, { bytes }], key) =>
    struct('VirtualMachineFileLayoutExFileInfo', {
      key,
      name,
      type: name.endsWith('.vmdk') ? 'diskExtent' : 'suspendMemory',
      size: long(bytes),
      uniqueSize: long(bytes),
      accessible: true,
    }),
  );
  return struct('VirtualMachineFileLayoutEx', {
    file: array('VirtualMachineFileLayoutExFileInfo', files),
    timestamp: new Date(machine.modifiedMs),
  });
}

function snapshotInfo(machine: Machine): VimStruct | undefined {
  if (machine.snapshots.length === 0) return undefined;
  return struct('VirtualMachineSnapshotInfo', {
    currentSnapshot:
      machine.currentSnapshot === null ? undefined : moRef('VirtualMachineSnapshot', machine.currentSnapshot),
    rootSnapshotList: snapshotTrees(machine, machine.snapshots),
  });
}

function snapshotTrees(machine: Machine, snapshots: readonly Snapshot[]): VimArray {
  return array(
    'VirtualMachineSnapshotTree',
    snapshots.map((one) =>
      struct('VirtualMachineSnapshotTree', {
        snapshot: one.ref,
        vm: machine.ref,
        name: one.name,
        description: one.description,
        id: one.number,
        createTime: new Date(one.createdMs),
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
