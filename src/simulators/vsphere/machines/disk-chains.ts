import { EMPTY_DELTA_BYTES, disksOf, everySnapshot } from '../model/machine';
import type { Disk, Hardware, Machine, OwnedFile, Snapshot } from '../model/machine';

type Files = Record<string, OwnedFile>;

/** From now on what is written goes into new files; the old ones are kept for the snapshot that was just taken. */
export function branchDisks(machine: Machine, from: Hardware): void {
  const files: Files = { ...machine.files };
  const devices = from.devices.map((device) => {
    if (device.kind !== 'DISK') return device;
    const file = nextDelta(device.file, files);
    files[file] = { datastore: device.datastore, bytes: EMPTY_DELTA_BYTES };
    return { ...device, file, parents: [device.file, ...device.parents] };
  });
  machine.hardware = { ...from, devices };
  machine.files = files;
}

function nextDelta(file: string, files: Files): string {
  const base = file.replace(/(-\d{6})?\.vmdk$/, '');
  for (let number = 1; ; number++) {
    const name = `${base}-${String(number).padStart(6, '0')}.vmdk`;
    if (!(name in files)) return name;
  }
}

/** Files that neither the machine nor one of its snapshots stands on are deleted. */
export function dropUnusedFiles(machine: Machine): void {
  const used = new Set<string>();
  for (const hardware of everyHardware(machine))
    for (const disk of disksOf(hardware)) for (const file of [disk.file, ...disk.parents]) used.add(file);
  const kept = Object.entries(machine.files).filter(([name]) => used.has(name) || !name.endsWith('.vmdk'));
  machine.files = Object.fromEntries(kept);
}

/**
 * Merges what was written after a snapshot that is being removed into the files that it kept. Where several branches
 * stand on them there is nothing to merge into, and the files stay.
 */
export function mergeChain(machine: Machine, removed: Snapshot): void {
  for (const { file } of disksOf(removed.frozen)) {
    const children = childrenOf(machine, file);
    const [only] = children;
    if (children.size === 1 && only !== undefined) replaceFile(machine, only, file);
  }
  dropUnusedFiles(machine);
}

function childrenOf(machine: Machine, file: string): ReadonlySet<string> {
  const children = new Set<string>();
  for (const hardware of everyHardware(machine))
    for (const disk of disksOf(hardware)) {
      const chain = [disk.file, ...disk.parents];
      const at = chain.indexOf(file);
      const above = at > 0 ? chain[at - 1] : undefined;
      if (above !== undefined) children.add(above);
      if (at === 0) children.add(file);
    }
  return children;
}

function replaceFile(machine: Machine, delta: string, into: string): void {
  const replaceIn = (hardware: Hardware): Hardware => ({
    ...hardware,
    devices: hardware.devices.map((device) =>
      device.kind === 'DISK' ? collapse(device, delta, into) : device,
    ),
  });
  machine.hardware = replaceIn(machine.hardware);
  machine.snapshots = machine.snapshots.map((snapshot) => mapTree(snapshot, replaceIn));
}

function collapse(disk: Disk, delta: string, into: string): Disk {
  const chain = [disk.file, ...disk.parents];
  const at = chain.indexOf(delta);
  if (at < 0 || chain[at + 1] !== into) return disk;
  const [file = into, ...parents] = chain.toSpliced(at, 1);
  return { ...disk, file, parents };
}

function mapTree(snapshot: Snapshot, replaceIn: (hardware: Hardware) => Hardware): Snapshot {
  return {
    ...snapshot,
    frozen: replaceIn(snapshot.frozen),
    children: snapshot.children.map((one) => mapTree(one, replaceIn)),
  };
}

/** The disks stand on no other file any more: what they read from others' is copied. Answers the bytes that it takes. */
export function promotedFiles(machine: Machine): { hardware: Hardware; files: Files; moreBytes: number } {
  const files: Files = { ...machine.files };
  let moreBytes = 0;
  const devices = machine.hardware.devices.map((device) => {
    if (device.kind !== 'DISK' || device.parents.every((file) => file in machine.files)) return device;
    moreBytes += device.capacityBytes - (files[device.file]?.bytes ?? 0);
    files[device.file] = { datastore: device.datastore, bytes: device.capacityBytes };
    return { ...device, parents: [] };
  });
  return { hardware: { ...machine.hardware, devices }, files, moreBytes };
}

function* everyHardware(machine: Machine): Generator<Hardware> {
  yield machine.hardware;
  for (const snapshot of everySnapshot(machine.snapshots)) yield snapshot.frozen;
}
