import { invalidArgument, optionalBoolean, optionalInt } from '../service/arguments';
import { child, childrenOf, textOf } from '../vim/element';
import type { RequestElement } from '../vim/element';

/** What a client wrote into a VirtualMachineConfigSpec; null is what it left out. */
export interface ConfigSpec {
  readonly changeVersion: string | null;
  readonly name: string | null;
  readonly uuid: string | null;
  readonly instanceUuid: string | null;
  readonly guestId: string | null;
  readonly annotation: string | null;
  readonly firmware: string | null;
  readonly vmPathName: string | null;
  readonly cpuCount: number | null;
  readonly coresPerSocket: number | null;
  readonly memoryMib: number | null;
  readonly cpuHotAdd: boolean | null;
  readonly memoryHotAdd: boolean | null;
  readonly extraConfig: readonly (readonly [key: string, value: string])[];
  readonly deviceChanges: readonly DeviceChange[];
}

export interface DeviceChange {
  readonly operation: 'add' | 'edit' | 'remove';
  readonly fileOperation: 'create' | 'destroy' | 'replace' | null;
  /** The `xsi:type` of the device. */
  readonly type: string;
  readonly device: RequestElement;
  /** Its place among the changes, which faults tell. */
  readonly index: number;
}

const OPERATIONS = ['add', 'edit', 'remove'] as const;
const FILE_OPERATIONS = ['create', 'destroy', 'replace'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws InvalidArgument with the property's name. */
export function readConfigSpec(spec: RequestElement): ConfigSpec {
  const files = child(spec, 'files');
  return {
    changeVersion: textOf(spec, 'changeVersion'),
    name: textOf(spec, 'name'),
    uuid: uuid(spec, 'uuid'),
    instanceUuid: uuid(spec, 'instanceUuid'),
    guestId: textOf(spec, 'guestId'),
    annotation: textOf(spec, 'annotation'),
    firmware: oneOf(spec, 'firmware', ['bios', 'efi'], 'configSpec.firmware'),
    vmPathName: files && textOf(files, 'vmPathName'),
    cpuCount: positive(spec, 'numCPUs'),
    coresPerSocket: positive(spec, 'numCoresPerSocket'),
    memoryMib: positive(spec, 'memoryMB'),
    cpuHotAdd: optionalBoolean(spec, 'cpuHotAddEnabled'),
    memoryHotAdd: optionalBoolean(spec, 'memoryHotAddEnabled'),
    extraConfig: readOptions(spec),
    deviceChanges: readDeviceChanges(spec),
  };
}

function readOptions(spec: RequestElement): [string, string][] {
  return childrenOf(spec, 'extraConfig').map((option) => {
    const key = textOf(option, 'key')?.trim() ?? '';
    if (key === '') throw invalidArgument('configSpec.extraConfig.key');
    return [key, textOf(option, 'value') ?? ''];
  });
}

export function readDeviceChanges(spec: RequestElement): DeviceChange[] {
  return childrenOf(spec, 'deviceChange').map((change, index) => {
    const device = child(change, 'device');
    const operation = oneOf(change, 'operation', OPERATIONS, `configSpec.deviceChange[${index}].operation`);
    if (!device?.xsiType || operation === null) throw invalidArgument(`configSpec.deviceChange[${index}]`);
    const fileOperation = oneOf(
      change,
      'fileOperation',
      FILE_OPERATIONS,
      'configSpec.deviceChange.fileOperation',
    );
    return { operation, fileOperation, type: device.xsiType, device, index };
  });
}

function uuid(spec: RequestElement, name: string): string | null {
  const text = textOf(spec, name)?.trim() || null;
  if (text !== null && !UUID.test(text)) throw invalidArgument(`configSpec.${name}`);
  return text?.toLowerCase() ?? null;
}

function positive(spec: RequestElement, name: string): number | null {
  const value = optionalInt(spec, name);
  if (value !== null && value < 1) throw invalidArgument(`configSpec.${name}`);
  return value;
}

function oneOf<T extends string>(
  spec: RequestElement,
  name: string,
  values: readonly T[],
  property: string,
): T | null {
  const text = textOf(spec, name)?.trim();
  if (text === undefined) return null;
  const found = values.find((value) => value === text);
  if (found === undefined) throw invalidArgument(property);
  return found;
}
