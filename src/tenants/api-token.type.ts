import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf, MutationInput, toDate } from '../graphql';
import { ROLES } from '../kernel';
import type { Role } from '../kernel';
import type { ApiToken } from './api-token';

export const RoleEnum = enumOf(ROLES);
registerEnumType(RoleEnum, {
  name: 'Role',
  description:
    'What a member of a tenant may do. An OWNER may do all that an OPERATOR may, who may do all that a VIEWER may.',
  valuesConfig: {
    OWNER: { description: 'Hands out access besides.' },
    OPERATOR: { description: 'Changes VMs and networks.' },
    VIEWER: { description: 'Only reads.' },
  },
});

@ObjectType('ApiToken', {
  description:
    'Access for a program or a person to one tenant; its secret is shown by the request that makes it, and by no other.',
})
export class ApiTokenType {
  @Field(() => ID, { description: 'The token’s id; also the `actor` of what is done with it.' })
  id!: string;

  @Field(() => String, { description: 'What it is for.' })
  name!: string;

  @Field(() => RoleEnum, { description: 'What it allows.' })
  role!: Role;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it stops working by itself; null for never.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was last used, to the minute.' })
  lastUsedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked.' })
  revokedAt!: Date | null;
}

@InputType({ description: 'The API token to make.' })
export class CreateApiTokenInput extends MutationInput {
  @Field(() => ID, { nullable: true, description: 'Its tenant; the caller’s own when absent.' })
  tenantId?: string | null;

  @Field(() => RoleEnum, { description: 'What it allows.' })
  role!: Role;

  @Field(() => String, { description: 'What it is for: 1 to 100 printable characters.' })
  name!: string;

  @Field(() => Date, { nullable: true, description: 'When it stops working by itself; never when absent.' })
  expiresAt?: Date | null;
}

@ObjectType({ description: 'The answer to `createApiToken`.' })
export class CreateApiTokenPayload {
  @Field(() => ApiTokenType, { description: 'The new token.' })
  token!: ApiTokenType;

  @Field(() => String, {
    description:
      'What to send as `Authorization: Bearer SECRET`. Shown this once, and again only to a repetition with the same ' +
      'idempotency key; only a hash of it is kept.',
  })
  secret!: string;
}

@InputType({ description: 'Which API token to revoke.' })
export class RevokeApiTokenInput extends MutationInput {
  @Field(() => ID, { description: 'The token’s id.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `revokeApiToken`.' })
export class RevokeApiTokenPayload {
  @Field(() => ApiTokenType, { description: 'The token, revoked.' })
  token!: ApiTokenType;
}

export function toApiTokenType(token: ApiToken): ApiTokenType {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    createdAt: toDate(token.createdAt),
    expiresAt: toDate(token.expiresAt),
    lastUsedAt: toDate(token.lastUsedAt),
    revokedAt: toDate(token.revokedAt),
  };
}
