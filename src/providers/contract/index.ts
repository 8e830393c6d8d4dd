export { OBJECT_BUSY } from './circuit';
export type { ProviderMethod } from './call-timeouts';
export type { Capabilities, ResizeSupport } from './capabilities';
export { guardProvider } from './guarded-provider';
export type { GuardOptions, ProviderCall } from './guard-options';
export type { ImageObservation } from './image';
export { formatIpv4, parseIpv4, parseIpv4Prefix, prefixesOverlap, prefixSize } from './ipv4-prefix';
export type { Ipv4Prefix } from './ipv4-prefix';
export { ownerKey, sameOwner } from './marker';
export type { Marker } from './marker';
export { NETWORK_MODES } from './network';
export type { NetworkMode, NetworkObservation, NetworkRef, NetworkSpec } from './network';
export { done, unwatchedCall } from './operation';
export type { CallContext, OperationProgress, OperationRef, Outcome } from './operation';
export type { BackendProbe, HypervisorProvider, ProviderEnvironment, ProviderFactory } from './provider';
export { RequestGate } from './request-gate';
export type { RateLimit, RequestGateOptions } from './request-gate';
export { parseRetryAfter, throttledError } from './throttling';
export { composeUserData } from './user-data';
export type { GuestSettings } from './user-data';
export { POWER_STATES } from './vm';
export type {
  BackendEvent,
  NicObservation,
  Page,
  PowerState,
  VmObservation,
  VmRef,
  VmSize,
  VmSpec,
} from './vm';
