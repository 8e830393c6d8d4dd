export { createNetwork } from './create-network';
export { deleteNetwork } from './delete-network';
export { listNetworks, locateNetwork } from './locate-network';
