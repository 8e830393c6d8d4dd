export { IdempotencyStore } from './idempotency.store';
export { idempotencyTable } from './idempotency.table';
