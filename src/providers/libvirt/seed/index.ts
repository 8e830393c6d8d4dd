export { cloudInitImage } from './cloud-init';
export type { CloudInitSeed } from './cloud-init';
