export { cardBackings } from './card-backing';
export { createNetwork, deleteNetwork, listNetworks, locateNetwork } from './networks';
