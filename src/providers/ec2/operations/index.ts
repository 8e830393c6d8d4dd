export { accept } from './accept';
export { modificationOf } from './growth';
export { pollOperation } from './poll';
export type { Pieces } from './stored';
