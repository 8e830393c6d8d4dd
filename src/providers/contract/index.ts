export type { Capabilities, ResizeSupport } from './capabilities';
export type { ImageObservation } from './image';
export type { Marker } from './marker';
export { NETWORK_MODES } from './network';
export type { NetworkMode, NetworkObservation, NetworkRef, NetworkSpec } from './network';
export { done } from './operation';
export type { CallContext, OperationProgress, OperationRef, Outcome } from './operation';
export type { BackendProbe, HypervisorProvider, ProviderEnvironment, ProviderFactory } from './provider';
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
