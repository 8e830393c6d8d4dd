import type { CallContext, VmRef } from '../contract';
import { requireOwn } from './find-vm';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { vmVolumeNames } from './identity';
import { readVolume } from './images';
import { orNull } from './observe';

export async function readConsoleLog(
  host: LibvirtHost,
  ref: VmRef,
  maxBytes: number,
  context: CallContext,
): Promise<string> {
  await requireOwn(host, ref, context);
  const volume = { pool: host.config.pool, name: vmVolumeNames(ref.marker).console, key: '' };
  const info = await orNull(host.client.volumes.getInfo(volume, ordinary(context)));
  const length = Math.min(maxBytes, info?.capacityBytes ?? 0);
  // To libvirt a length of 0 means everything.
  if (info === null || length <= 0) return '';
  const bytes = await readVolume(host, volume, { offset: info.capacityBytes - length, length }, context);
  return new TextDecoder().decode(bytes);
}
