import type { NodeInfo, Version } from '../codecs/connect';
import { decodeNodeInfo, decodeText, decodeVersion, encodeNothing } from '../codecs/connect';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import type { XdrReader } from '../wire/xdr-reader';
import type { Lanes } from './lanes';

const decodeBytes = (reader: XdrReader): number => reader.u64AsNumber();

/**
 * Calls about the daemon and its host. All of them only read. Procedure numbers: `REMOTE_PROC_CONNECT_*` and
 * `REMOTE_PROC_NODE_*` of `remote_protocol.x`.
 */
export class HostCalls {
  constructor(private readonly lanes: Lanes) {}

  /** The driver, for example `QEMU` or `Test` (CONNECT_GET_TYPE, 3). */
  getType(options?: CallOptions): Promise<string> {
    return this.lanes.reads.call(PROCEDURE.connectGetType, encodeNothing, decodeText, options);
  }

  /** The hypervisor's version (CONNECT_GET_VERSION, 4). */
  getVersion(options?: CallOptions): Promise<Version> {
    return this.lanes.reads.call(PROCEDURE.connectGetVersion, encodeNothing, decodeVersion, options);
  }

  /** The daemon's version of libvirt (CONNECT_GET_LIB_VERSION, 157). */
  getLibVersion(options?: CallOptions): Promise<Version> {
    return this.lanes.reads.call(PROCEDURE.connectGetLibVersion, encodeNothing, decodeVersion, options);
  }

  /** The host's name, as it sees itself (CONNECT_GET_HOSTNAME, 59). */
  getHostname(options?: CallOptions): Promise<string> {
    return this.lanes.reads.call(PROCEDURE.connectGetHostname, encodeNothing, decodeText, options);
  }

  /** XML: host CPU, topology, and what guests may be (CONNECT_GET_CAPABILITIES, 7). */
  getCapabilities(options?: CallOptions): Promise<string> {
    return this.lanes.reads.call(PROCEDURE.connectGetCapabilities, encodeNothing, decodeText, options);
  }

  /** CPUs and memory; memory in KiB (NODE_GET_INFO, 6). */
  nodeGetInfo(options?: CallOptions): Promise<NodeInfo> {
    return this.lanes.reads.call(PROCEDURE.nodeGetInfo, encodeNothing, decodeNodeInfo, options);
  }

  /** Free memory in bytes (NODE_GET_FREE_MEMORY, 102). */
  nodeGetFreeMemory(options?: CallOptions): Promise<number> {
    return this.lanes.reads.call(PROCEDURE.nodeGetFreeMemory, encodeNothing, decodeBytes, options);
  }
}
