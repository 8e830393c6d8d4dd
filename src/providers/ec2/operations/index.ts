export { accept } from './accept';
export { pollOperation } from './poll';
export type { Pieces } from './stored';
export { volumeChange } from './volume-change';
