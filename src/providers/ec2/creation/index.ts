export { createVm } from './create-vm';
export { deleteKeyPair } from './key-pair';
