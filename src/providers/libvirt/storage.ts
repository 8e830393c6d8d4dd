import { setTimeout as sleep } from 'node:timers/promises';
import { v5 as uuidv5 } from 'uuid';
import { AppError } from '../../kernel';
import type { CallContext } from '../contract';
import { LIBVIRT_ERROR } from './client';
import type { PoolRef } from './client';
import { isNative } from './errors';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { directoryPoolXml, readPoolDescription } from './map-pool';
import { orNull } from './observe';

/** A pool with the directory that its volumes lie in. */
export interface FilePool {
  readonly ref: PoolRef;
  readonly directory: string;
}

/** Names pools, so that two gateways that make the same one make it equal. Never change it. */
const NAMESPACE = '0c6b7f0e-9f3c-4a53-8a52-6a4d1f0a5d11';

/** How often a volume that is still being made by somebody is asked again. */
const BUSY_RETRIES = 25;
const BUSY_WAIT_MS = 200;

/**
 * The configured pool, active; made as a directory when it is missing. Each step may be repeated.
 * @throws FAILED_PRECONDITION where a pool of this name does not keep its volumes as files
 */
export function ensurePool(host: LibvirtHost, context: CallContext): Promise<FilePool> {
  return host.locks.run('pool', async () => {
    const { pools } = host.client;
    const { pool: name, poolPath } = host.config;
    const call = ordinary(context);
    const known = await orNull(pools.lookupByName(name, call));
    const ref =
      known ??
      (await pools.defineXml(
        directoryPoolXml(name, uuidv5(`${name}\n${poolPath}`, NAMESPACE), poolPath),
        call,
      ));
    const { type, directory } = readPoolDescription(await pools.getXmlDesc(ref, call));
    if (directory === null) {
      throw new AppError(
        'FAILED_PRECONDITION',
        'The storage pool of this backend does not keep its volumes as files.',
      );
    }
    if (!(await pools.isActive(ref, call))) {
      // Makes the directory; one that exists stays as it is. Other types might be formatted by it.
      if (type === 'dir') await pools.build(ref, 0, call);
      await activate(host, ref, context);
    }
    return { ref, directory };
  });
}

async function activate(host: LibvirtHost, pool: PoolRef, context: CallContext): Promise<void> {
  const { pools } = host.client;
  const call = ordinary(context);
  try {
    await pools.create(pool, 0, call);
  } catch (error) {
    // Another gateway was faster.
    if (!isNative(error, LIBVIRT_ERROR.OPERATION_INVALID) || !(await pools.isActive(pool, call))) throw error;
  }
  await pools.setAutostart(pool, true, call);
}

/** Removes a volume; one that is gone is no error, one that is still being made is waited for. */
export async function removeVolume(
  host: LibvirtHost,
  pool: PoolRef,
  name: string,
  context: CallContext,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await orNull(host.client.volumes.delete({ pool: pool.name, name, key: '' }, ordinary(context)));
      return;
    } catch (error) {
      if (!isNative(error, LIBVIRT_ERROR.OPERATION_INVALID) || attempt >= BUSY_RETRIES) throw error;
    }
    await sleep(BUSY_WAIT_MS, undefined, { signal: context.signal });
  }
}

/**
 * Removes every volume whose name begins so, also files that libvirt did not make itself: a daemon that logs
 * for QEMU cuts a long console log into several.
 */
export async function removeVolumes(host: LibvirtHost, prefix: string, context: CallContext): Promise<void> {
  const call = ordinary(context);
  const { pools, volumes } = host.client;
  const pool = await orNull(pools.lookupByName(host.config.pool, call));
  if (pool === null) return;
  if (!(await pools.isActive(pool, call))) await activate(host, pool, context);
  else await refreshPool(host, pool);
  const found = (await volumes.listAll(pool, call)).filter((volume) => volume.name.startsWith(prefix));
  await Promise.all(found.map((volume) => removeVolume(host, pool, volume.name, context)));
}

/**
 * Lets libvirt see files that came by other hands. It reads every file's header, so many deletions at once share
 * one look. It declines while a volume is being made: no harm.
 */
export async function refreshPool(host: LibvirtHost, pool: PoolRef): Promise<void> {
  try {
    await host.refreshes.run(pool.name, () => host.client.pools.refresh(pool));
  } catch (error) {
    if (!isNative(error, LIBVIRT_ERROR.INTERNAL_ERROR, LIBVIRT_ERROR.OPERATION_INVALID)) throw error;
    host.logger.debug({ err: error, pool: pool.name }, 'libvirt: pool not refreshed');
  }
}
