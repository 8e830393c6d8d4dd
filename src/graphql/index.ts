// Ahead of every decorator: type-graphql reads the types of parameters through it.
import 'reflect-metadata';

export { buildApiSchema, printApiSchema } from './schema/build-schema';
export type { ApiSchemaOptions, ResolverClass } from './schema/build-schema';
export { connectionType, toConnection } from './schema/connection.type';
export type { Connection, ConnectionSource, Edge } from './schema/connection.type';
export type { CursorKey } from './schema/cursor';
export { toDate } from './schema/date-time.scalar';
export { undescribedElements } from './schema/described';
export { MutationInput } from './schema/mutation-input.type';
export { Node } from './schema/node.type';
export { PageArgs, toPage } from './schema/page-args.type';
export type { Page } from './schema/page-args.type';
export { LoaderKey, requireScope } from './request-context';
export type { ContextSeeds, RequestContext, RequestContextOptions } from './request-context';
export { NodeRegistry } from './schema/node-registry';
export type { NodeFinder } from './schema/node-registry';
export { NodeResolver } from './schema/node.resolver';
export { idConnection } from './schema/id-connection';
export type { IdConnectionSource, IdKeyset } from './schema/id-connection';
export { enumOf } from './schema/enum-of';
export { startHttpServer } from './http/http-server';
export type { HttpServer } from './http/http-server';
export { startProbeServer } from './http/probe-server';
export type { EdgeLimits, HttpServerOptions, ServerSettings, SocketTimings, Viewer } from './settings';
export { idLoader } from './schema/id-loader';
export type { IdLoader } from './schema/id-loader';
