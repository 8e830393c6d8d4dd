export { IdempotencyStore } from './idempotency.store';
export type { Work } from './idempotency.store';
export { idempotencyTable } from './idempotency.table';
export { idempotentRequest } from './idempotent-request';
export type { Keyed } from './idempotent-request';
