import { invalidArgument } from '../kernel';

/** What every mutation's input has, see `MutationInput`. */
export interface Keyed {
  /** The client's key; without one the mutation runs and is not remembered. */
  readonly idempotencyKey?: string | null;
}

export interface IdempotentRequest {
  /** Whose key it is: two tenants may use the same. */
  readonly owner: string;
  /** The client's key; null runs the mutation without remembering it. */
  readonly key: string | null;
  readonly mutation: string;
  /** The whole input but the key; JSON. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Owns the keys of what is done for no tenant, which administrators alone do. No tenant's id is like it. */
const NO_TENANT = 'administrator';

/**
 * The request of a mutation on behalf of a tenant, or of none (null). The tenant is part of the input, so that naming
 * one's own and naming none are the same.
 * @throws INVALID_ARGUMENT for a bad key
 */
export function idempotentRequest<Input extends Keyed>(
  mutation: string,
  tenantId: string | null,
  input: Input,
): IdempotentRequest {
  const { idempotencyKey, ...rest } = input;
  const key = idempotencyKey ?? null;
  if (key !== null && !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw invalidArgument('input.idempotencyKey', 'must be 1 to 128 visible ASCII characters.');
  }
  return { owner: tenantId ?? NO_TENANT, key, mutation, input: { ...rest, tenantId } };
}
