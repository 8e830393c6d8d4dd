export { InstanceReader } from './instance-reader';
export {
  LIVING_STATES,
  byAge,
  carries,
  isGone,
  launchedAt,
  rootVolumeId,
  stateOf,
} from './inventory-instance';
export type { InstanceState, InventoryInstance } from './inventory-instance';
export { observe } from './map-instance';
