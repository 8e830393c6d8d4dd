import { EMPTY_DELTA_BYTES } from '../machine';
import type { Card, Disk, Machine } from '../machine';
import { BARE_HARDWARE, FIRST_CARD_KEY, FIRST_CARD_UNIT, STANDARD_DEVICES } from '../new-machine';
import { newDisk, newMachine, nextMac } from '../new-machine';
import type { ModelOptions, TemplateOptions } from '../options';
import type { World } from '../world';
import type { Site } from './site';
import { PLAIN_DISK_GIB, PLAIN_MEMORY_MIB } from './sizes';

const GIB = 1024 ** 3;

interface Shape {
  readonly name: string;
  readonly diskGib: number;
  readonly cpuCount: number;
  readonly memoryMib: number;
  readonly guestId: string;
}

/** The templates in every datacenter, and the plain machines spread over all clusters; every second one runs. */
export function buildMachines(world: World, sites: readonly Site[], options: ModelOptions): void {
  for (const site of sites) for (const template of options.templates) buildTemplate(world, site, template);
  const clusters = sites.flatMap((site) => site.clusters.map((cluster) => ({ site, cluster })));
  for (let at = 0; at < options.vms; at++) {
    const place = clusters[at % clusters.length];
    if (!place) return;
    const round = Math.floor(at / clusters.length);
    const machine = buildMachine(world, place.site, place.cluster, round, {
      name: `vm-${String(at).padStart(4, '0')}`,
      diskGib: PLAIN_DISK_GIB,
      cpuCount: 1,
      memoryMib: PLAIN_MEMORY_MIB,
      guestId: 'debian12_64Guest',
    });
    if (at % 2 === 0) {
      machine.powerState = 'poweredOn';
      machine.cleanPowerOff = false;
      machine.bootedMs = world.startedMs;
      machine.toolsRunning = true;
    }
  }
}

function buildTemplate(world: World, site: Site, template: TemplateOptions): void {
  const [cluster] = site.clusters;
  if (cluster === undefined) return;
  const machine = buildMachine(world, site, cluster, 0, template);
  machine.template = true;
  machine.pool = null;
  if (template.snapshot) freeze(world, machine);
}

function buildMachine(world: World, site: Site, clusterId: string, round: number, shape: Shape): Machine {
  const cluster = world.get('CLUSTER', clusterId);
  const datastore = world.get('DATASTORE', site.datastores[round % site.datastores.length] ?? '');
  const host = cluster.hosts[round % cluster.hosts.length] ?? '';
  const directory = ['[', datastore.name, '] ', shape.name, '/'].join('');
  const folder = world.get('FOLDER', site.datacenter.vmFolder);
  const place = {
    name: shape.name,
    parent: folder.ref.value,
    pool: cluster.rootPool,
    host,
    datastore,
    directory,
  };
  const machine = world.add(newMachine(world, place));
  const disk = newDisk(
    world,
    { datastore, file: [directory, shape.name, '.vmdk'].join('') },
    shape.diskGib * GIB,
  );
  const { cpuCount, memoryMib, guestId } = shape;
  machine.hardware = {
    ...BARE_HARDWARE,
    cpuCount,
    memoryMib,
    guestId,
    devices: [...STANDARD_DEVICES, disk, firstCard(world, site.portGroup)],
  };
  machine.files = { [disk.file]: { datastore: disk.datastore, bytes: disk.capacityBytes } };
  machine.ready = true;
  folder.children.push(machine.ref.value);
  return machine;
}

function firstCard(world: World, network: string): Card {
  return {
    kind: 'CARD',
    type: 'VirtualVmxnet3',
    key: FIRST_CARD_KEY,
    unitNumber: FIRST_CARD_UNIT,
    network,
    macAddress: nextMac(world),
    addressType: 'assigned',
    wakeOnLan: true,
    connected: true,
    startConnected: true,
    allowGuestControl: true,
  };
}

/** The snapshot that linked clones of a template hang on. */
function freeze(world: World, machine: Machine): void {
  const frozen = machine.hardware;
  const ref = world.newRef('VirtualMachineSnapshot', 'snapshot');
  machine.snapshots = [
    {
      ref,
      number: 1,
      name: 'base',
      description: 'What linked clones share',
      createdMs: world.now(),
      state: 'poweredOff',
      quiesced: false,
      frozen,
      children: [],
    },
  ];
  machine.currentSnapshot = ref.value;
  machine.snapshotCount = 1;
  const delta = (disk: Disk): Disk => ({
    ...disk,
    file: disk.file.replace(/\.vmdk$/, '-000001.vmdk'),
    parents: [disk.file],
  });
  const devices = frozen.devices.map((device) => (device.kind === 'DISK' ? delta(device) : device));
  const files = { ...machine.files };
  for (const device of devices)
    if (device.kind === 'DISK')
      files[device.file] = { datastore: device.datastore, bytes: EMPTY_DELTA_BYTES };
  machine.hardware = { ...frozen, devices };
  machine.files = files;
}
