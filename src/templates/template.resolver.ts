import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { BackendDirectory, BackendType, backendType } from '../backends';
import { idConnection, PageArgs, requireScope } from '../graphql';
import type { Connection, RequestContext } from '../graphql';
import { tenantLoader, TenantStore, TenantType, toTenantType } from '../tenants';
import { TemplateService } from './template.service';
import {
  RegisterTemplateInput,
  RegisterTemplatePayload,
  TemplateConnection,
  TemplateFilter,
  TemplateRealization,
  TemplateType,
  toTemplateType,
} from './template.type';

@ArgsType()
class TemplatesArgs extends PageArgs {
  @Field(() => TemplateFilter, {
    nullable: true,
    description: 'Which templates; all that the caller may use when absent.',
  })
  filter?: TemplateFilter | null;
}

@Resolver(() => TemplateType)
export class TemplateResolver {
  constructor(
    private readonly templates: TemplateService,
    private readonly tenants: TenantStore,
  ) {}

  @Query(() => TemplateConnection, {
    name: 'templates',
    description: 'The catalog, oldest first: the tenant’s own templates and the shared ones.',
  })
  async templatesPage(
    @Ctx() context: RequestContext,
    @Args() args: TemplatesArgs,
  ): Promise<Connection<TemplateType>> {
    const scope = requireScope(context);
    const { store } = this.templates;
    const { reader } = store.database;
    const query = { name: args.filter?.name ?? undefined, tenantId: args.filter?.tenantId ?? undefined };
    return idConnection(args, {
      list: (page) => store.list(reader, scope, query, page),
      count: () => store.count(reader, scope, query),
      toNode: toTemplateType,
    });
  }

  @Mutation(() => RegisterTemplatePayload, {
    description:
      'Adds a template to the catalog, after looking its images up on their backends. For administrators. ' +
      'INVALID_ARGUMENT when a backend has no such image.',
  })
  async registerTemplate(
    @Ctx() context: RequestContext,
    @Arg('input', () => RegisterTemplateInput, { description: 'The template to register.' })
    input: RegisterTemplateInput,
  ): Promise<RegisterTemplatePayload> {
    const template = await this.templates.register(requireScope(context), {
      name: input.name,
      realizations: input.realizations,
      minDiskGib: input.minDiskGib ?? null,
      tenantId: input.tenantId ?? null,
      idempotencyKey: input.idempotencyKey ?? null,
    });
    return { template: toTemplateType(template) };
  }

  @FieldResolver(() => TenantType, {
    nullable: true,
    description: 'The tenant that it is for; null when every tenant may use it.',
  })
  async tenant(@Root() template: TemplateType, @Ctx() context: RequestContext): Promise<TenantType | null> {
    if (template.tenantId === null) return null;
    const tenant = await tenantLoader(context, this.tenants).load(template.tenantId);
    return tenant && toTenantType(tenant);
  }

  @FieldResolver(() => [TemplateRealization], { description: 'Which image it is on which backend.' })
  realizations(@Root() template: TemplateType, @Ctx() context: RequestContext): TemplateRealization[] {
    const shown = requireScope(context).isAdministrator;
    return template.known.map(({ backendId, imageRef }) => ({
      backendId,
      imageRef: shown ? imageRef : null,
    }));
  }
}

@Resolver(() => TemplateRealization)
export class TemplateRealizationResolver {
  constructor(private readonly backends: BackendDirectory) {}

  @FieldResolver(() => BackendType, { description: 'The backend.' })
  backend(@Root() realization: TemplateRealization): BackendType {
    const backend = backendType(this.backends, realization.backendId);
    if (!backend) throw new Error(`Backend ${realization.backendId} of a realization is not recorded.`);
    return backend;
  }
}
