export type { Backend, BackendHealth, BackendLocation, LiveBackend } from './backend';
export { BackendDirectory } from './backend-directory';
export { BackendResolver, backendType } from './backend.resolver';
export { BackendStore } from './backend.store';
export { backendTable } from './backend.table';
export { BackendType, NetworkModeEnum } from './backend.type';
export { TaskBackendResolver } from './task-backend.resolver';
export { awaitListing, callContext, performOnBackend } from './provider-call';
