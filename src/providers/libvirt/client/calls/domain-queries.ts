import { decodeFlag, decodeText } from '../codecs/connect';
import type {
  DomainBlockInfo,
  DomainInfo,
  DomainInterface,
  DomainState,
  DomainStats,
} from '../codecs/domain';
import {
  decodeBlockInfo,
  decodeDomainInfo,
  decodeDomainList,
  decodeDomainState,
  decodeInterfaces,
  decodeStats,
  encodeDomainAndFlags,
  encodeListAll,
} from '../codecs/domain';
import type { DomainRef } from '../codecs/objects';
import { decodeDomain, encodeDomain } from '../codecs/objects';
import { ADDRESS_SOURCE, DOMAIN_METADATA } from '../flags';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';
import type { Lanes } from './lanes';

const decodeCount = (reader: XdrReader): number => reader.i32();

/** What `getAllStats` is asked for. */
export interface DomainStatsQuery {
  /** Bits of `DOMAIN_STATS`; 0 means all groups. */
  readonly stats: number;
  /** Bits of `DOMAIN_LIST` and of `DOMAIN_STATS_FLAG`. */
  readonly flags?: number;
  /** Only these domains; default all. Bits of `DOMAIN_LIST` are refused together with it. */
  readonly domains?: readonly DomainRef[];
}

/**
 * Calls that only read about domains. Each throws `LibvirtError` 42 where the domain does not exist.
 * Procedure numbers: `REMOTE_PROC_DOMAIN_*` and `REMOTE_PROC_CONNECT_*` of `remote_protocol.x`.
 */
export class DomainQueries {
  constructor(protected readonly lanes: Lanes) {}

  /** @param flags bits of `DOMAIN_LIST`; 0 lists every domain (CONNECT_LIST_ALL_DOMAINS, 273) */
  listAll(flags = 0, options?: CallOptions): Promise<DomainRef[]> {
    const list = PROCEDURE.connectListAllDomains;
    return this.lanes.reads.call(list, (writer) => encodeListAll(writer, flags), decodeDomainList, options);
  }

  /** DOMAIN_LOOKUP_BY_UUID, 24. */
  lookupByUuid(uuid: string, options?: CallOptions): Promise<DomainRef> {
    return this.lanes.reads.call(
      PROCEDURE.domainLookupByUuid,
      (writer) => writer.uuid(uuid),
      decodeDomain,
      options,
    );
  }

  /** DOMAIN_LOOKUP_BY_NAME, 23. */
  lookupByName(name: string, options?: CallOptions): Promise<DomainRef> {
    return this.lanes.reads.call(
      PROCEDURE.domainLookupByName,
      (writer) => writer.string(name),
      decodeDomain,
      options,
    );
  }

  /** @param flags bits of `DOMAIN_XML` (DOMAIN_GET_XML_DESC, 14) */
  getXmlDesc(domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> {
    return this.ask(PROCEDURE.domainGetXmlDesc, domain, flags, decodeText, options);
  }

  /** State, memory in KiB, virtual CPUs and CPU time in nanoseconds (DOMAIN_GET_INFO, 16). */
  getInfo(domain: DomainRef, options?: CallOptions): Promise<DomainInfo> {
    const info = PROCEDURE.domainGetInfo;
    return this.lanes.reads.call(info, (writer) => encodeDomain(writer, domain), decodeDomainInfo, options);
  }

  /** The state (`DOMAIN_STATE`) and its reason (DOMAIN_GET_STATE, 212). */
  getState(domain: DomainRef, options?: CallOptions): Promise<DomainState> {
    return this.ask(PROCEDURE.domainGetState, domain, 0, decodeDomainState, options);
  }

  /** True while it runs or is paused (DOMAIN_IS_ACTIVE, 150). */
  isActive(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    const active = PROCEDURE.domainIsActive;
    return this.lanes.reads.call(active, (writer) => encodeDomain(writer, domain), decodeFlag, options);
  }

  /** True where the next start would restore a managed save (DOMAIN_HAS_MANAGED_SAVE_IMAGE, 183). */
  hasManagedSave(domain: DomainRef, options?: CallOptions): Promise<boolean> {
    return this.ask(PROCEDURE.domainHasManagedSaveImage, domain, 0, decodeFlag, options);
  }

  /** @param flags bits of `DOMAIN_AFFECT` and `DOMAIN_VCPU_MAXIMUM` (DOMAIN_GET_VCPUS_FLAGS, 200) */
  getVcpus(domain: DomainRef, flags = 0, options?: CallOptions): Promise<number> {
    return this.ask(PROCEDURE.domainGetVcpusFlags, domain, flags, decodeCount, options);
  }

  /** Sizes of a disk in bytes. @param disk target (`vda`) or path (DOMAIN_GET_BLOCK_INFO, 194) */
  getBlockInfo(domain: DomainRef, disk: string, options?: CallOptions): Promise<DomainBlockInfo> {
    const encode = (writer: XdrWriter): void => {
      encodeDomain(writer, domain);
      writer.string(disk);
      writer.u32(0);
    };
    return this.lanes.reads.call(PROCEDURE.domainGetBlockInfo, encode, decodeBlockInfo, options);
  }

  /**
   * Addresses of a running domain; error 55 where it does not run (DOMAIN_INTERFACE_ADDRESSES, 353).
   * @param source one of `ADDRESS_SOURCE`: LEASE sees only libvirt's own DHCP, AGENT needs the guest's agent
   */
  interfaceAddresses(
    domain: DomainRef,
    source: number = ADDRESS_SOURCE.LEASE,
    options?: CallOptions,
  ): Promise<DomainInterface[]> {
    const encode = (writer: XdrWriter): void => {
      encodeDomainAndFlags(writer, domain, source);
      writer.u32(0);
    };
    return this.lanes.reads.call(PROCEDURE.domainInterfaceAddresses, encode, decodeInterfaces, options);
  }

  /**
   * The element of the namespace `uri`, as XML; error 80 where there is none (DOMAIN_GET_METADATA, 265).
   * @param flags bits of `DOMAIN_AFFECT`
   */
  getMetadata(domain: DomainRef, uri: string, flags = 0, options?: CallOptions): Promise<string> {
    const encode = (writer: XdrWriter): void => {
      encodeDomain(writer, domain);
      writer.i32(DOMAIN_METADATA.ELEMENT);
      writer.optionalString(uri);
      writer.u32(flags);
    };
    return this.lanes.reads.call(PROCEDURE.domainGetMetadata, encode, decodeText, options);
  }

  /**
   * Statistics of many domains in one call (CONNECT_GET_ALL_DOMAIN_STATS, 344). Costs about 7 ms for each
   * RUNNING domain and may wait for each one's job: ask for few groups, or give `NOWAIT`.
   */
  getAllStats(query: DomainStatsQuery, options?: CallOptions): Promise<DomainStats[]> {
    const encode = (writer: XdrWriter): void => {
      writer.list(query.domains ?? [], encodeDomain);
      writer.u32(query.stats);
      writer.u32(query.flags ?? 0);
    };
    return this.lanes.reads.call(PROCEDURE.connectGetAllDomainStats, encode, decodeStats, options);
  }

  private ask<T>(
    procedure: number,
    domain: DomainRef,
    flags: number,
    decode: (reader: XdrReader) => T,
    options: CallOptions | undefined,
  ): Promise<T> {
    const encode = (writer: XdrWriter): void => encodeDomainAndFlags(writer, domain, flags);
    return this.lanes.reads.call(procedure, encode, decode, options);
  }
}
