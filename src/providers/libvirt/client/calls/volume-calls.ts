import { decodeNothing, decodeText } from '../codecs/connect';
import { encodeListAll } from '../codecs/domain';
import type { PoolRef, VolumeRef } from '../codecs/objects';
import { decodeVolume, encodeNamed, encodeVolume } from '../codecs/objects';
import type { VolumeInfo } from '../codecs/storage';
import { decodeVolumeInfo, decodeVolumeList, encodeTransfer } from '../codecs/storage';
import type { BulkOptions } from '../connection/bulk-stream';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import type { Lanes } from './lanes';

export interface TransferOptions extends BulkOptions {
  /** Where in the volume to begin, in bytes. Default 0. */
  readonly offset?: number;
  /** How many bytes at most; 0, the default, is up to the end. */
  readonly length?: number;
}

/**
 * Calls about volumes. Each throws `LibvirtError` 50 where the volume does not exist. Procedure numbers:
 * `REMOTE_PROC_STORAGE_VOL_*` and `REMOTE_PROC_STORAGE_POOL_*` of `remote_protocol.x`.
 */
export class VolumeCalls {
  constructor(private readonly lanes: Lanes) {}

  /** As of the pool's last refresh (STORAGE_POOL_LIST_ALL_VOLUMES, 282). */
  listAll(pool: PoolRef, options?: CallOptions): Promise<VolumeRef[]> {
    return this.lanes.reads.call(
      PROCEDURE.storagePoolListAllVolumes,
      (writer) => {
        encodeNamed(writer, pool);
        encodeListAll(writer, 0);
      },
      decodeVolumeList,
      options,
    );
  }

  /** STORAGE_VOL_LOOKUP_BY_NAME, 95. */
  lookupByName(pool: PoolRef, name: string, options?: CallOptions): Promise<VolumeRef> {
    return this.lanes.reads.call(
      PROCEDURE.storageVolLookupByName,
      (writer) => {
        encodeNamed(writer, pool);
        writer.string(name);
      },
      decodeVolume,
      options,
    );
  }

  /** STORAGE_VOL_LOOKUP_BY_KEY, 96. */
  lookupByKey(key: string, options?: CallOptions): Promise<VolumeRef> {
    const lookup = PROCEDURE.storageVolLookupByKey;
    return this.lanes.reads.call(lookup, (writer) => writer.string(key), decodeVolume, options);
  }

  /** By the path on the host, among the active pools (STORAGE_VOL_LOOKUP_BY_PATH, 97). */
  lookupByPath(path: string, options?: CallOptions): Promise<VolumeRef> {
    const lookup = PROCEDURE.storageVolLookupByPath;
    return this.lanes.reads.call(lookup, (writer) => writer.string(path), decodeVolume, options);
  }

  /** Sizes in bytes (STORAGE_VOL_GET_INFO, 98). */
  getInfo(volume: VolumeRef, options?: CallOptions): Promise<VolumeInfo> {
    const info = PROCEDURE.storageVolGetInfo;
    return this.lanes.reads.call(info, (writer) => encodeVolume(writer, volume), decodeVolumeInfo, options);
  }

  /** STORAGE_VOL_GET_XML_DESC, 99. */
  getXmlDesc(volume: VolumeRef, options?: CallOptions): Promise<string> {
    return this.lanes.reads.call(
      PROCEDURE.storageVolGetXmlDesc,
      (writer) => {
        encodeVolume(writer, volume);
        writer.u32(0);
      },
      decodeText,
      options,
    );
  }

  /** The path on the host (STORAGE_VOL_GET_PATH, 100). */
  getPath(volume: VolumeRef, options?: CallOptions): Promise<string> {
    const path = PROCEDURE.storageVolGetPath;
    return this.lanes.reads.call(path, (writer) => encodeVolume(writer, volume), decodeText, options);
  }

  /**
   * Makes a volume, linked to a backing file where the XML has one; 90 where the name is taken
   * (STORAGE_VOL_CREATE_XML, 93). @param flags bits of `VOLUME_CREATE`
   */
  createXml(pool: PoolRef, xml: string, flags = 0, options?: CallOptions): Promise<VolumeRef> {
    return this.lanes.changes.call(
      PROCEDURE.storageVolCreateXml,
      (writer) => {
        encodeNamed(writer, pool);
        writer.string(xml);
        writer.u32(flags);
      },
      decodeVolume,
      options,
    );
  }

  /**
   * Makes a volume as a full copy of another one; 90 where the name is taken (STORAGE_VOL_CREATE_XML_FROM,
   * 125). Takes as long as the copy takes: give it a time-out to match.
   */
  createXmlFrom(
    pool: PoolRef,
    xml: string,
    source: VolumeRef,
    flags = 0,
    options?: CallOptions,
  ): Promise<VolumeRef> {
    return this.lanes.changes.call(
      PROCEDURE.storageVolCreateXmlFrom,
      (writer) => {
        encodeNamed(writer, pool);
        writer.string(xml);
        encodeVolume(writer, source);
        writer.u32(flags);
      },
      decodeVolume,
      options,
    );
  }

  /** Removes the volume and its data (STORAGE_VOL_DELETE, 94). */
  delete(volume: VolumeRef, options?: CallOptions): Promise<void> {
    return this.lanes.changes.call(
      PROCEDURE.storageVolDelete,
      (writer) => {
        encodeVolume(writer, volume);
        writer.u32(0);
      },
      decodeNothing,
      options,
    );
  }

  /**
   * Sets the capacity in bytes of a volume that no running domain uses (STORAGE_VOL_RESIZE, 260).
   * @param flags bits of `VOLUME_RESIZE`; smaller than now needs SHRINK
   */
  resize(volume: VolumeRef, capacityBytes: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.lanes.changes.call(
      PROCEDURE.storageVolResize,
      (writer) => {
        encodeVolume(writer, volume);
        writer.u64(capacityBytes);
        writer.u32(flags);
      },
      decodeNothing,
      options,
    );
  }

  /**
   * Overwrites the volume's bytes with those of `source`, as fast as the daemon takes them
   * (STORAGE_VOL_UPLOAD, 208). The bytes are raw: a qcow2 image goes into a volume of the format qcow2.
   * @returns the bytes sent, once the daemon has confirmed that it wrote them all
   * @throws LibvirtError 38 for a full disk. The volume is then half-written, and still there.
   */
  async upload(
    volume: VolumeRef,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: TransferOptions = {},
  ): Promise<number> {
    const bulk = await this.transfer('storageVolUpload', volume, options);
    try {
      let sentBytes = 0;
      for await (const chunk of source) {
        await bulk.stream.send(chunk);
        sentBytes += chunk.length;
      }
      await bulk.stream.finish();
      return sentBytes;
    } finally {
      bulk.close();
    }
  }

  /**
   * The volume's bytes; the daemon is held back while the consumer is slow, and at most about 1 MiB waits
   * here (STORAGE_VOL_DOWNLOAD, 209). Leaving the loop early ends the transfer.
   */
  async *download(volume: VolumeRef, options: TransferOptions = {}): AsyncGenerator<Buffer, void, undefined> {
    const bulk = await this.transfer('storageVolDownload', volume, options);
    try {
      for (;;) {
        const chunk = await bulk.stream.receive();
        if (chunk === null) break;
        yield chunk;
      }
      await bulk.stream.finish();
    } finally {
      bulk.close();
    }
  }

  private transfer(
    procedure: 'storageVolUpload' | 'storageVolDownload',
    volume: VolumeRef,
    options: TransferOptions,
  ): ReturnType<Lanes['openStream']> {
    const { offset = 0, length = 0 } = options;
    return this.lanes.openStream(
      procedure,
      (writer) => encodeTransfer(writer, volume, offset, length),
      options,
    );
  }
}
