import { decodeFlag, decodeNothing, decodeText } from '../codecs/connect';
import { encodeListAll } from '../codecs/domain';
import type { PoolRef } from '../codecs/objects';
import { decodeNamed, encodeNamed } from '../codecs/objects';
import type { PoolInfo } from '../codecs/storage';
import { decodePoolInfo, decodePoolList } from '../codecs/storage';
import type { Encode } from '../connection/caller';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import type { Lanes } from './lanes';

const withFlags =
  (pool: PoolRef, flags: number): Encode =>
  (writer) => {
    encodeNamed(writer, pool);
    writer.u32(flags);
  };

/**
 * Calls about storage pools. Each throws `LibvirtError` 49 where the pool does not exist. Procedure numbers:
 * `REMOTE_PROC_STORAGE_POOL_*` and `REMOTE_PROC_CONNECT_*` of `remote_protocol.x`.
 */
export class PoolCalls {
  constructor(private readonly lanes: Lanes) {}

  /** @param flags bits of `POOL_LIST`; 0 lists every pool (CONNECT_LIST_ALL_STORAGE_POOLS, 281) */
  listAll(flags = 0, options?: CallOptions): Promise<PoolRef[]> {
    const list = PROCEDURE.connectListAllStoragePools;
    return this.lanes.reads.call(list, (writer) => encodeListAll(writer, flags), decodePoolList, options);
  }

  /** STORAGE_POOL_LOOKUP_BY_NAME, 84. */
  lookupByName(name: string, options?: CallOptions): Promise<PoolRef> {
    const lookup = PROCEDURE.storagePoolLookupByName;
    return this.lanes.reads.call(lookup, (writer) => writer.string(name), decodeNamed, options);
  }

  /** State and sizes in bytes, as of the last refresh (STORAGE_POOL_GET_INFO, 87). */
  getInfo(pool: PoolRef, options?: CallOptions): Promise<PoolInfo> {
    const info = PROCEDURE.storagePoolGetInfo;
    return this.lanes.reads.call(info, (writer) => encodeNamed(writer, pool), decodePoolInfo, options);
  }

  /** STORAGE_POOL_GET_XML_DESC, 88. */
  getXmlDesc(pool: PoolRef, options?: CallOptions): Promise<string> {
    return this.lanes.reads.call(PROCEDURE.storagePoolGetXmlDesc, withFlags(pool, 0), decodeText, options);
  }

  /** STORAGE_POOL_IS_ACTIVE, 154. */
  isActive(pool: PoolRef, options?: CallOptions): Promise<boolean> {
    const active = PROCEDURE.storagePoolIsActive;
    return this.lanes.reads.call(active, (writer) => encodeNamed(writer, pool), decodeFlag, options);
  }

  /** Defines a persistent pool, or replaces its definition (STORAGE_POOL_DEFINE_XML, 77). */
  defineXml(xml: string, options?: CallOptions): Promise<PoolRef> {
    return this.lanes.changes.call(
      PROCEDURE.storagePoolDefineXml,
      (writer) => {
        writer.string(xml);
        writer.u32(0);
      },
      decodeNamed,
      options,
    );
  }

  /** Makes the storage itself, for example the directory. @param flags `POOL_BUILD` (STORAGE_POOL_BUILD, 79) */
  build(pool: PoolRef, flags = 0, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.storagePoolBuild, withFlags(pool, flags), options);
  }

  /** Starts a defined pool. @param flags `POOL_CREATE` (STORAGE_POOL_CREATE, 78) */
  create(pool: PoolRef, flags = 0, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.storagePoolCreate, withFlags(pool, flags), options);
  }

  /** Stops it; the data stays (STORAGE_POOL_DESTROY, 80). */
  destroy(pool: PoolRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.storagePoolDestroy, (writer) => encodeNamed(writer, pool), options);
  }

  /** Removes the definition; the data stays (STORAGE_POOL_UNDEFINE, 82). */
  undefine(pool: PoolRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.storagePoolUndefine, (writer) => encodeNamed(writer, pool), options);
  }

  /** Looks at the storage again: files that came and went by other hands (STORAGE_POOL_REFRESH, 83). */
  refresh(pool: PoolRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.storagePoolRefresh, withFlags(pool, 0), options);
  }

  /** Whether it starts together with the daemon (STORAGE_POOL_SET_AUTOSTART, 90). */
  setAutostart(pool: PoolRef, autostart: boolean, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.storagePoolSetAutostart, withFlags(pool, autostart ? 1 : 0), options);
  }

  private change(procedure: number, encode: Encode, options: CallOptions | undefined): Promise<void> {
    return this.lanes.changes.call(procedure, encode, decodeNothing, options);
  }
}
