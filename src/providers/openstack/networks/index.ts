export { createNetwork, deleteNetwork, listNetworks, locateNetwork } from './networks';
