export { describeProvider } from './describe-provider';
export type { BackendFaults, FaultName, GuestTraits, ProviderHarness, RunningBackend } from './harness';
