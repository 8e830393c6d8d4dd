export { cardBackings } from './card-backing';
export { createNetwork, deleteNetwork, locateNetwork } from './networks';
