export { LibvirtClient } from './libvirt-client';
export type { ReconnectedEvent } from './libvirt-client';
export type { CallOptions, LibvirtClientOptions, TlsFiles } from './options';
export { isNoSuchObject, LibvirtConnectionError, LibvirtError, LibvirtTimeoutError } from './errors';
export { LIBVIRT_ERROR } from './error-codes';
export type { LibvirtErrorCode } from './error-codes';
export * from './flags';
export type { NodeInfo, Version } from './codecs/connect';
export type {
  DomainAddress,
  DomainBlockInfo,
  DomainInfo,
  DomainInterface,
  DomainState,
  DomainStats,
} from './codecs/domain';
export type { DomainLifecycleEvent, DomainRebootEvent, NetworkLifecycleEvent } from './codecs/events';
export type { DhcpLease } from './codecs/network';
export type { DomainRef, NetworkRef, PoolRef, VolumeRef } from './codecs/objects';
export type { PoolInfo, VolumeInfo } from './codecs/storage';
export type { TypedParamValue } from './codecs/typed-params';
export type { DomainConsole } from './calls/domain-console';
export type { DomainCalls, DomainMetadataElement } from './calls/domain-calls';
export type { DomainStatsQuery } from './calls/domain-queries';
export type { EventCalls, Subscription } from './calls/event-calls';
export type { HostCalls } from './calls/host-calls';
export type { NetworkCalls } from './calls/network-calls';
export type { PoolCalls } from './calls/pool-calls';
export type { TransferOptions, VolumeCalls } from './calls/volume-calls';
export { parseLibvirtUri } from './uri';
