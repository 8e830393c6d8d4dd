import { basename, dirname } from 'node:path/posix';
import { v5 as uuidv5 } from 'uuid';
import { AppError } from '../../kernel';
import type { CallContext, ImageObservation } from '../contract';
import type { PoolRef, VolumeRef } from './client';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import type { BackingImage } from './map-domain';
import { directoryPoolXml } from './map-pool';
import { GIB, readVolumeDescription } from './map-volume';
import { orNull } from './observe';
import { QCOW2_HEADER_BYTES, readQcow2Header } from './qcow2-header';
import { ensurePool, refreshPool } from './storage';

/** Names the pools that only serve to look into a directory. Never change it. */
const NAMESPACE = 'b8a5f4f2-3d1c-4c7b-9a63-0d0f7a1c2e90';

export interface Image extends BackingImage {
  readonly name: string;
  readonly capacityBytes: number;
}

/** The template's image, by a volume's name in the pool or by a path on the host; null where there is none. */
export async function resolveImage(
  host: LibvirtHost,
  imageRef: string,
  context: CallContext,
): Promise<ImageObservation | null> {
  const image = await inspectImage(host, imageRef, context);
  if (image === null) return null;
  return { externalId: image.path, name: image.name, minDiskGib: Math.ceil(image.capacityBytes / GIB) };
}

/**
 * What an image really is, by its own bytes.
 * @throws FAILED_PRECONDITION for one that borrows from another file, or of a format that is not supported
 */
export async function inspectImage(
  host: LibvirtHost,
  imageRef: string,
  context: CallContext,
): Promise<Image | null> {
  if (!imageRef.startsWith('/')) {
    const volume = await findInPool(host, imageRef, context);
    return volume === null ? null : readImage(host, volume, context);
  }
  // Normalized as libvirt compares it; `..` would name a file by a path that QEMU would have to walk.
  if (imageRef.split('/').includes('..')) return null;
  const known = await orNull(host.client.volumes.lookupByPath(imageRef, ordinary(context)));
  if (known !== null) return readImage(host, known, context);
  return inDirectory(host, imageRef, context);
}

async function findInPool(host: LibvirtHost, name: string, context: CallContext): Promise<VolumeRef | null> {
  const pool = await ensurePool(host, context);
  const find = (): Promise<VolumeRef | null> =>
    orNull(host.client.volumes.lookupByName(pool.ref, name, ordinary(context)));
  const known = await find();
  if (known !== null) return known;
  // An administrator may have just copied it there.
  await refreshPool(host, pool.ref);
  return find();
}

/** libvirt looks into files through pools only, so one is made for the file's directory, and taken away again. */
async function inDirectory(host: LibvirtHost, path: string, context: CallContext): Promise<Image | null> {
  const directory = dirname(path);
  return host.locks.run(`directory ${directory}`, async () => {
    const { pools, volumes } = host.client;
    const call = ordinary(context);
    const uuid = uuidv5(directory, NAMESPACE);
    const pool = await pools.defineXml(directoryPoolXml(`hg-images-${uuid}`, uuid, directory), call);
    try {
      // One that a death left behind may be running, and know the files of that time.
      if (await pools.isActive(pool, call)) await pools.refresh(pool, call);
      else if (!(await opened(host, pool, context))) return null;
      const volume = await orNull(volumes.lookupByName(pool, basename(path), call));
      return volume === null ? null : await readImage(host, volume, context);
    } finally {
      await removePool(host, pool);
    }
  });
}

/** A directory that is not there cannot be opened. */
async function opened(host: LibvirtHost, pool: PoolRef, context: CallContext): Promise<boolean> {
  try {
    await host.client.pools.create(pool, 0, ordinary(context));
    return true;
  } catch (error) {
    if (error instanceof Error && /No such file or directory/.test(error.message)) return false;
    throw error;
  }
}

/** Without the caller's signal: also who gave up leaves nothing behind. */
async function removePool(host: LibvirtHost, pool: PoolRef): Promise<void> {
  const { pools } = host.client;
  try {
    if (await pools.isActive(pool)) await pools.destroy(pool);
    await pools.undefine(pool);
  } catch (error) {
    host.logger.warn(
      { err: error, pool: pool.name },
      'libvirt: a pool for looking at an image was left behind',
    );
  }
}

async function readImage(host: LibvirtHost, volume: VolumeRef, context: CallContext): Promise<Image> {
  const call = ordinary(context);
  const description = readVolumeDescription(await host.client.volumes.getXmlDesc(volume, call));
  const { path, format, capacityBytes, backingPath } = description;
  if (format !== 'qcow2' && format !== 'raw') throw unfit(`it is of the format ${format}; use qcow2 or raw.`);
  if (backingPath !== null) throw unfit('it has a backing file; flatten it first.');
  await verifyHeader(host, volume, format, context);
  return { name: volume.name, path, format, capacityBytes };
}

/**
 * libvirt's description is as old as its last look at the file, and knows nothing of external data files: the
 * header itself decides. An image that borrows from another file would show a tenant any file of the host.
 */
async function verifyHeader(
  host: LibvirtHost,
  volume: VolumeRef,
  format: string,
  context: CallContext,
): Promise<void> {
  const bytes = await readVolume(host, volume, { offset: 0, length: QCOW2_HEADER_BYTES }, context);
  const header = readQcow2Header(bytes);
  if ((header !== null) !== (format === 'qcow2')) throw unfit('its content changed; try again.');
  if (header?.hasBackingFile) throw unfit('it has a backing file; flatten it first.');
  if (header?.hasExternalDataFile) throw unfit('its data lies in another file; convert it first.');
}

/** A part of a volume; `length` above 0. */
export async function readVolume(
  host: LibvirtHost,
  volume: VolumeRef,
  part: { readonly offset: number; readonly length: number },
  context: CallContext,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of host.client.volumes.download(volume, { ...part, signal: context.signal }))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

function unfit(why: string): AppError {
  return new AppError('FAILED_PRECONDITION', `The template's image cannot be used: ${why}`);
}
