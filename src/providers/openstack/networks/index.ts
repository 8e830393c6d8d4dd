export { createNetwork, deleteNetwork, locateNetwork } from './networks';
