import type { CallContext } from '../contract';
import { LIBVIRT_ERROR } from './client';
import type { VolumeRef } from './client';
import { isNative } from './errors';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { cloneVolumeXml, rawVolumeXml, readVolumeDescription } from './map-volume';
import type { VolumeDescription } from './map-volume';
import type { BackingImage } from './map-domain';
import { orNull } from './observe';
import { removeVolume } from './storage';
import type { FilePool } from './storage';

export interface ClonePlan {
  readonly name: string;
  readonly capacityBytes: number;
  readonly image: BackingImage;
}

/** The VM's disk: a clone linked to the image, as large as was asked for from the beginning. */
export async function makeClone(
  host: LibvirtHost,
  pool: FilePool,
  { name, capacityBytes, image }: ClonePlan,
  context: CallContext,
): Promise<void> {
  const fits = (volume: VolumeDescription): boolean =>
    volume.format === 'qcow2' && volume.capacityBytes === capacityBytes && volume.backingPath === image.path;
  await makeVolume(host, pool, { name, xml: cloneVolumeXml(name, capacityBytes, image), fits }, context);
}

/** Written again at each repetition: an upload that was cut short leaves a volume of the right size. */
export async function makeSeed(
  host: LibvirtHost,
  pool: FilePool,
  name: string,
  content: Buffer,
  context: CallContext,
): Promise<void> {
  const fits = (volume: VolumeDescription): boolean => volume.capacityBytes === content.length;
  const volume = await makeVolume(
    host,
    pool,
    { name, xml: rawVolumeXml(name, content.length), fits },
    context,
  );
  await host.client.volumes.upload(volume, [content], { signal: context.signal });
}

/** Made as a volume so that libvirt knows it; the daemon appends to it what the guest prints. */
export async function makeConsoleLog(
  host: LibvirtHost,
  pool: FilePool,
  name: string,
  context: CallContext,
): Promise<void> {
  await makeVolume(host, pool, { name, xml: rawVolumeXml(name, 0), fits: () => true }, context);
}

interface VolumePlan {
  readonly name: string;
  readonly xml: string;
  /** Whether what stands there already is what would be made. */
  readonly fits: (volume: VolumeDescription) => boolean;
}

/** Makes a volume or takes the one that an earlier attempt made; half-made ones are made anew. */
async function makeVolume(
  host: LibvirtHost,
  pool: FilePool,
  plan: VolumePlan,
  context: CallContext,
): Promise<VolumeRef> {
  const { volumes } = host.client;
  const call = ordinary(context);
  const create = (): Promise<VolumeRef> => volumes.createXml(pool.ref, plan.xml, 0, call);
  try {
    return await create();
  } catch (error) {
    if (!isNative(error, LIBVIRT_ERROR.STORAGE_VOL_EXIST)) throw error;
  }
  const existing = { pool: pool.ref.name, name: plan.name, key: `${pool.directory}/${plan.name}` };
  const xml = await orNull(volumes.getXmlDesc(existing, call));
  if (xml !== null && fitsAsRead(plan, xml)) return existing;
  await removeVolume(host, pool.ref, plan.name, context);
  return create();
}

function fitsAsRead(plan: VolumePlan, xml: string): boolean {
  try {
    return plan.fits(readVolumeDescription(xml));
  } catch {
    // libvirt could not make out what it is: a torn file.
    return false;
  }
}
