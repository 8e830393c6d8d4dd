import { VimFault } from '../vim/fault';
import { enumeration } from '../vim/values';
import type { DeviceChange } from './config-spec';

const PROPERTY = 'virtualDeviceSpec.device';

export function invalidDevice(change: DeviceChange, field: string): VimFault {
  return new VimFault(
    'InvalidDeviceSpec',
    { property: `${PROPERTY}.${field}`, deviceIndex: change.index },
    `Invalid configuration for device '${change.index}'.`,
  );
}

export function invalidBacking(change: DeviceChange): VimFault {
  return new VimFault(
    'InvalidDeviceBacking',
    { property: `${PROPERTY}.backing`, deviceIndex: change.index },
    `Incompatible device backing specified for device '${change.index}'.`,
  );
}

/** For example a disk that is to shrink, or to grow under a snapshot. It is a kind of InvalidDeviceSpec. */
export function invalidOperation(change: DeviceChange, field: string): VimFault {
  return new VimFault(
    'InvalidDeviceOperation',
    {
      property: `${PROPERTY}.${field}`,
      deviceIndex: change.index,
      badOp: enumeration('VirtualDeviceConfigSpecOperation', change.operation),
    },
    `Invalid operation for device '${change.index}'.`,
  );
}
