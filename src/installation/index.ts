export { derivedKey } from './derived-key';
export { InstallationStore } from './installation.store';
export type { Installation } from './installation.store';
export { installationTable } from './installation.table';
