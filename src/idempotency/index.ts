export { idempotentRequest, IdempotencyStore } from './idempotency.store';
export type { IdempotentRequest } from './idempotency.store';
export { idempotencyTable } from './idempotency.table';
