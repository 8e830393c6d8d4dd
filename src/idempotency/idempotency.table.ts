import { EntitySchema } from 'typeorm';
import { jsonColumn, momentColumn, textColumn } from '../database';

export interface IdempotencyRow {
  /** A tenant, or `administrator`: two tenants may use the same key. */
  owner: string;
  key: string;
  mutation: string;
  /** HMAC-SHA256 over the input, in hexadecimal, see `InputHash`. */
  inputHash: string;
  answer: unknown;
  createdAt: number;
}

export const idempotencyTable = new EntitySchema<IdempotencyRow>({
  name: 'Idempotency',
  tableName: 'idempotency',
  columns: {
    owner: textColumn('owner', 64, { primary: true }),
    key: textColumn('idempotency_key', 128, { primary: true }),
    mutation: textColumn('mutation', 64),
    inputHash: textColumn('input_hash', 64),
    answer: jsonColumn('answer'),
    createdAt: momentColumn('created_at'),
  },
  indices: [{ name: 'idempotency_age', columns: ['createdAt'] }],
});
