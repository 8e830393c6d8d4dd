import type { Device, Hardware, Machine, OwnedFile } from '../model/machine';
import { invalidArgument, invalidPowerState } from '../model/names';
import type { World } from '../model/world';
import type { ConfigSpec } from './config-spec';
import { applyDeviceChanges } from './device-changes';
import { DeviceEdit } from './device-edit';

/** vSphere's granularity of memory, in MiB. */
const MEMORY_STEP = 4;

export interface AppliedSpec {
  readonly hardware: Hardware;
  readonly files: Readonly<Record<string, OwnedFile>>;
}

/**
 * What a machine would be after this specification; the machine is left as it is. Throws the faults of a
 * reconfiguration. `before` is its own hardware, or for a clone that of the source with the clone's disks.
 */
export function applySpec(
  world: World,
  machine: Machine,
  before: AppliedSpec,
  spec: ConfigSpec,
): AppliedSpec {
  const size = sizeAfter(machine, before.hardware, spec);
  const edit = new DeviceEdit(world, machine, before.hardware.devices, before.files);
  applyDeviceChanges(edit, spec.deviceChanges);
  const devices: readonly Device[] = spec.deviceChanges.length === 0 ? before.hardware.devices : edit.devices;
  return {
    hardware: {
      ...before.hardware,
      ...size,
      cpuHotAdd: spec.cpuHotAdd ?? before.hardware.cpuHotAdd,
      memoryHotAdd: spec.memoryHotAdd ?? before.hardware.memoryHotAdd,
      guestId: spec.guestId ?? before.hardware.guestId,
      annotation: spec.annotation ?? before.hardware.annotation,
      firmware: spec.firmware ?? before.hardware.firmware,
      extraConfig: mergeOptions(before.hardware.extraConfig, spec.extraConfig),
      devices,
    },
    files: edit.files,
  };
}

function sizeAfter(machine: Machine, before: Hardware, spec: ConfigSpec): Size {
  const cpuCount = spec.cpuCount ?? before.cpuCount;
  const memoryMib = spec.memoryMib ?? before.memoryMib;
  const coresPerSocket = spec.coresPerSocket ?? before.coresPerSocket;
  if (memoryMib % MEMORY_STEP !== 0) throw invalidArgument('configSpec.memoryMB');
  if (cpuCount % coresPerSocket !== 0) throw invalidArgument('configSpec.numCoresPerSocket');
  const after = { cpuCount, memoryMib, coresPerSocket };
  if (machine.powerState !== 'poweredOff' && !fitsHot(machine, before, after))
    throw invalidPowerState('poweredOff', machine.powerState);
  return after;
}

type Size = Pick<Hardware, 'cpuCount' | 'memoryMib' | 'coresPerSocket'>;

/** A machine that is not off keeps its size; with hot add it grows while it runs. */
function fitsHot(machine: Machine, before: Hardware, after: Size): boolean {
  const running = machine.powerState === 'poweredOn';
  const fits = (hotAdd: boolean, was: number, is: number) => (running && hotAdd ? is >= was : is === was);
  return (
    fits(before.cpuHotAdd, before.cpuCount, after.cpuCount) &&
    fits(before.memoryHotAdd, before.memoryMib, after.memoryMib) &&
    after.coresPerSocket === before.coresPerSocket
  );
}

type Options = Hardware['extraConfig'];

/** By key; an empty value removes the key, and a key that is not named stays. */
function mergeOptions(before: Options, changes: Options): Options {
  if (changes.length === 0) return before;
  const merged = new Map(before);
  for (const [key, value] of changes) {
    if (value === '') merged.delete(key);
    else merged.set(key, value);
  }
  return [...merged];
}
