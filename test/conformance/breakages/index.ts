import { CONNECTION_BREAKAGES } from './connection.breakages';
import { CREATION_BREAKAGES } from './creation.breakages';
import { LIFE_BREAKAGES } from './life.breakages';
import { NETWORK_BREAKAGES } from './network.breakages';

export { brokenProvider } from './broken-provider';
export type { Breakage } from './broken-provider';

export const BREAKAGES = [
  ...CREATION_BREAKAGES,
  ...LIFE_BREAKAGES,
  ...CONNECTION_BREAKAGES,
  ...NETWORK_BREAKAGES,
];
