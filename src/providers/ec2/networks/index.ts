export { createNetwork } from './create-network';
export { deleteNetwork } from './delete-network';
export { locateNetwork } from './locate-network';
