// Ahead of every decorator: type-graphql reads the types of parameters through it.
import 'reflect-metadata';

export { buildApiSchema, printApiSchema } from './build-schema';
export type { ApiSchemaOptions, ResolverClass } from './build-schema';
export { connectionType, toConnection } from './connection.type';
export type { Connection, ConnectionSource, Edge } from './connection.type';
export type { CursorKey } from './cursor';
export { toDate } from './date-time.scalar';
export { undescribedElements } from './described';
export { MutationInput } from './mutation-input.type';
export { Node } from './node.type';
export { PageArgs, toPage } from './page-args.type';
export type { Page } from './page-args.type';
export { LoaderKey, requireScope } from './request-context';
export type { ContextSeeds, RequestContext, RequestContextOptions } from './request-context';
export { NodeRegistry } from './node-registry';
export type { NodeFinder } from './node-registry';
export { NodeResolver } from './node.resolver';
export { idConnection } from './id-connection';
export type { IdConnectionSource, IdKeyset } from './id-connection';
export { enumOf } from './enum-of';
export { startHttpServer } from './http-server';
export type { HttpServer } from './http-server';
export { startProbeServer } from './probe-server';
export type { EdgeLimits, HttpServerOptions, ServerSettings, SocketTimings, Viewer } from './settings';
export { idLoader } from './id-loader';
export type { IdLoader } from './id-loader';
