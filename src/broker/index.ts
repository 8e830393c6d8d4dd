export { noBroker } from './broker';
export type { Broker, HintFate, Topic } from './broker';
export { RedisBroker } from './redis-broker';
