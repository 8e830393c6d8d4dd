import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import { ApiTokenService } from './api-token.service';
import {
  ApiTokenType,
  CreateApiTokenInput,
  CreateApiTokenPayload,
  RevokeApiTokenInput,
  RevokeApiTokenPayload,
  toApiTokenType,
} from './api-token.type';

@Resolver(() => ApiTokenType)
export class ApiTokenResolver {
  constructor(private readonly tokens: ApiTokenService) {}

  @Mutation(() => CreateApiTokenPayload, {
    description: 'Makes an API token for a tenant. For its owners and for administrators.',
  })
  async createApiToken(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateApiTokenInput, { description: 'The token to make.' })
    input: CreateApiTokenInput,
  ): Promise<CreateApiTokenPayload> {
    const { token, secret } = await this.tokens.create(requireScope(context), {
      tenantId: input.tenantId ?? null,
      name: input.name,
      role: input.role,
      expiresAt: input.expiresAt?.getTime() ?? null,
      idempotencyKey: input.idempotencyKey ?? null,
    });
    return { token: toApiTokenType(token), secret };
  }

  @Mutation(() => RevokeApiTokenPayload, {
    description: 'Makes an API token worthless at once. For owners of its tenant and for administrators.',
  })
  async revokeApiToken(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokeApiTokenInput, { description: 'Which token.' }) input: RevokeApiTokenInput,
  ): Promise<RevokeApiTokenPayload> {
    return { token: toApiTokenType(await this.tokens.revoke(requireScope(context), input)) };
  }
}
