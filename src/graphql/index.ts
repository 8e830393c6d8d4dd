// Ahead of every decorator: type-graphql reads the types of parameters through it.
import 'reflect-metadata';

export { buildApiSchema, printApiSchema } from './build-schema';
export type { ApiSchemaOptions, ResolverClass } from './build-schema';
export { connectionType, PageInfo, toConnection } from './connection.type';
export type { Connection, ConnectionSource, Edge } from './connection.type';
export { decodeCursor, encodeCursor } from './cursor';
export type { CursorKey } from './cursor';
export { DateTime, toDate } from './date-time.scalar';
export { undescribedElements } from './described';
export { Node } from './node.type';
export { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, PageArgs, toPage } from './page-args.type';
export type { Page } from './page-args.type';
export { createRequestContext, LoaderKey, requireScope } from './request-context';
export type { ContextSeeds, RequestContext, RequestContextOptions } from './request-context';
export { NodeRegistry } from './node-registry';
export type { NodeFinder } from './node-registry';
export { NodeResolver } from './node.resolver';
export { idConnection } from './id-connection';
export type { IdConnectionSource, IdKeyset } from './id-connection';
export { enumOf } from './enum-of';
export { startHttpServer } from './http-server';
export type { HttpServer } from './http-server';
export type { EdgeLimits, HttpServerOptions, ServerSettings, SocketTimings, Viewer } from './settings';
