import { decodeFlag, decodeNothing, decodeText } from '../codecs/connect';
import { encodeListAll } from '../codecs/domain';
import type { DhcpLease } from '../codecs/network';
import { decodeLeases, decodeNetworkList, encodeDhcpLeasesQuery } from '../codecs/network';
import type { NetworkRef } from '../codecs/objects';
import { decodeNamed, encodeNamed } from '../codecs/objects';
import type { Decode } from '../connection/caller';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import type { Lanes } from './lanes';

/**
 * Calls about virtual networks. Each throws `LibvirtError` 43 where the network does not exist. Procedure
 * numbers: `REMOTE_PROC_NETWORK_*` and `REMOTE_PROC_CONNECT_*` of `remote_protocol.x`.
 */
export class NetworkCalls {
  constructor(private readonly lanes: Lanes) {}

  /** @param flags bits of `NETWORK_LIST`; 0 lists every network (CONNECT_LIST_ALL_NETWORKS, 283) */
  listAll(flags = 0, options?: CallOptions): Promise<NetworkRef[]> {
    const list = PROCEDURE.connectListAllNetworks;
    return this.lanes.reads.call(list, (writer) => encodeListAll(writer, flags), decodeNetworkList, options);
  }

  /** NETWORK_LOOKUP_BY_UUID, 47. */
  lookupByUuid(uuid: string, options?: CallOptions): Promise<NetworkRef> {
    return this.lanes.reads.call(
      PROCEDURE.networkLookupByUuid,
      (writer) => writer.uuid(uuid),
      decodeNamed,
      options,
    );
  }

  /** NETWORK_LOOKUP_BY_NAME, 46. */
  lookupByName(name: string, options?: CallOptions): Promise<NetworkRef> {
    return this.lanes.reads.call(
      PROCEDURE.networkLookupByName,
      (writer) => writer.string(name),
      decodeNamed,
      options,
    );
  }

  /** @param flags bits of `NETWORK_XML` (NETWORK_GET_XML_DESC, 43) */
  getXmlDesc(network: NetworkRef, flags = 0, options?: CallOptions): Promise<string> {
    return this.lanes.reads.call(
      PROCEDURE.networkGetXmlDesc,
      (writer) => {
        encodeNamed(writer, network);
        writer.u32(flags);
      },
      decodeText,
      options,
    );
  }

  /** The bridge on the host, for example `virbr0` (NETWORK_GET_BRIDGE_NAME, 45). */
  getBridgeName(network: NetworkRef, options?: CallOptions): Promise<string> {
    return this.ask(PROCEDURE.networkGetBridgeName, network, decodeText, options);
  }

  /** NETWORK_IS_ACTIVE, 152. */
  isActive(network: NetworkRef, options?: CallOptions): Promise<boolean> {
    return this.ask(PROCEDURE.networkIsActive, network, decodeFlag, options);
  }

  /** @param mac only this interface's leases; null for all (NETWORK_GET_DHCP_LEASES, 341) */
  getDhcpLeases(network: NetworkRef, mac: string | null = null, options?: CallOptions): Promise<DhcpLease[]> {
    const leases = PROCEDURE.networkGetDhcpLeases;
    const reads = this.lanes.reads;
    return reads.call(leases, (writer) => encodeDhcpLeasesQuery(writer, network, mac), decodeLeases, options);
  }

  /**
   * Defines a persistent network, or replaces the definition of the one with the same name and UUID; the same
   * name with another UUID is an error (NETWORK_DEFINE_XML, 41).
   */
  defineXml(xml: string, options?: CallOptions): Promise<NetworkRef> {
    return this.lanes.changes.call(
      PROCEDURE.networkDefineXml,
      (writer) => writer.string(xml),
      decodeNamed,
      options,
    );
  }

  /** Starts a defined network: bridge, DHCP, firewall (NETWORK_CREATE, 39). 55 where it is active already. */
  create(network: NetworkRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.networkCreate, network, options);
  }

  /** Stops it; guests on it lose the network (NETWORK_DESTROY, 42). 55 where it is not active. */
  destroy(network: NetworkRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.networkDestroy, network, options);
  }

  /** Removes the definition; an active network becomes transient and goes on (NETWORK_UNDEFINE, 49). */
  undefine(network: NetworkRef, options?: CallOptions): Promise<void> {
    return this.change(PROCEDURE.networkUndefine, network, options);
  }

  /** Whether it starts together with the daemon (NETWORK_SET_AUTOSTART, 48). */
  setAutostart(network: NetworkRef, autostart: boolean, options?: CallOptions): Promise<void> {
    return this.lanes.changes.call(
      PROCEDURE.networkSetAutostart,
      (writer) => {
        encodeNamed(writer, network);
        writer.bool(autostart);
      },
      decodeNothing,
      options,
    );
  }

  private ask<T>(
    procedure: number,
    network: NetworkRef,
    decode: Decode<T>,
    options: CallOptions | undefined,
  ): Promise<T> {
    return this.lanes.reads.call(procedure, (writer) => encodeNamed(writer, network), decode, options);
  }

  private change(procedure: number, network: NetworkRef, options: CallOptions | undefined): Promise<void> {
    return this.lanes.changes.call(
      procedure,
      (writer) => encodeNamed(writer, network),
      decodeNothing,
      options,
    );
  }
}
