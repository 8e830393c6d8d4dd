import type { GraphQLSchema } from 'graphql';
import { QuotaResolver } from '../allocations';
import { BackendResolver, TaskBackendResolver } from '../backends';
import { buildApiSchema, NodeResolver } from '../graphql';
import type { ResolverClass } from '../graphql';
import { ReconciliationResolver } from '../inventory';
import { NetworkResolver } from '../networks';
import { TaskLinksResolver, TaskResolver } from '../tasks';
import { TemplateRealizationResolver, TemplateResolver } from '../templates';
import { ApiTokenResolver, TaskTenantResolver, TenantResolver, ViewerResolver } from '../tenants';
import {
  NetworkVmsResolver,
  TenantVmsResolver,
  VmConsoleResolver,
  VmMutationResolver,
  VmNetworkResolver,
  VmResolver,
} from '../vms';

/** Every resolver class of the API. */
const RESOLVERS = [
  NodeResolver,
  ViewerResolver,
  TenantResolver,
  ApiTokenResolver,
  BackendResolver,
  QuotaResolver,
  TemplateResolver,
  TemplateRealizationResolver,
  NetworkResolver,
  VmResolver,
  VmMutationResolver,
  VmConsoleResolver,
  VmNetworkResolver,
  TenantVmsResolver,
  NetworkVmsResolver,
  ReconciliationResolver,
  TaskResolver,
  TaskLinksResolver,
  TaskBackendResolver,
  TaskTenantResolver,
] as const;

/** The schema alone: nothing in it can be executed. For the SDL and for tests of its shape. */
export function describeApi(): GraphQLSchema {
  return buildApiSchema(RESOLVERS);
}

/**
 * The schema with the resolvers that answer it.
 * @param instances exactly one of each class
 */
export function serveApi(instances: readonly object[]): GraphQLSchema {
  const byClass = new Map<ResolverClass, object>(instances.map((one) => [one.constructor, one]));
  const instanceOf = (resolver: ResolverClass): object => {
    const instance = byClass.get(resolver);
    if (!instance) throw new Error(`No instance of ${resolver.name} was made.`);
    return instance;
  };
  for (const resolver of RESOLVERS) instanceOf(resolver);
  return buildApiSchema(RESOLVERS, { instanceOf });
}
