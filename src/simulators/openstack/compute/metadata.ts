import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Server } from '../model/server-record';
import type { ApiCall, ApiResult } from '../wire/api-call';
import { readAs } from '../wire/read';
import type { Route } from '../wire/route';
import { metadataSchema } from './create-request';
import { MAX_METADATA } from './create-server';
import { findServer } from './find-server';
import { badRequest, novaError, wrongState } from './nova-error';
import { touchServer } from './work/outcomes';

const PATTERN = '/servers/:id/metadata';
const CHANGEABLE = new Set(['active', 'stopped', 'suspended']);

/** Words on a server, by which its owner knows it again. */
export function metadataRoutes(cloud: Cloud): readonly Route[] {
  const body = (call: ApiCall) =>
    readAs(z.object({ metadata: metadataSchema }), call.body, badRequest).metadata;
  return [
    {
      method: 'GET',
      pattern: PATTERN,
      handle: (call) => ({ status: 200, body: { metadata: findServer(cloud, call).metadata } }),
    },
    {
      method: 'POST',
      pattern: PATTERN,
      handle: (call) => {
        const server = changeable(cloud, call, 'update metadata');
        return write(cloud, server, { ...server.metadata, ...body(call) });
      },
    },
    {
      method: 'PUT',
      pattern: PATTERN,
      handle: (call) => write(cloud, changeable(cloud, call, 'update metadata'), body(call)),
    },
    { method: 'GET', pattern: `${PATTERN}/:key`, handle: (call) => showItem(findServer(cloud, call), call) },
    { method: 'PUT', pattern: `${PATTERN}/:key`, handle: (call) => putItem(cloud, call) },
    { method: 'DELETE', pattern: `${PATTERN}/:key`, handle: (call) => removeItem(cloud, call) },
  ];
}

function changeable(cloud: Cloud, call: ApiCall, action: string): Server {
  const server = findServer(cloud, call);
  if (!CHANGEABLE.has(server.vmState)) throw wrongState(action, server.id, 'vm_state', server.vmState);
  return server;
}

function write(cloud: Cloud, server: Server, metadata: Record<string, string>): ApiResult {
  if (Object.keys(metadata).length > MAX_METADATA) {
    throw novaError(403, `Maximum number of metadata items exceeds ${MAX_METADATA}`);
  }
  server.metadata = metadata;
  touchServer(cloud, server);
  return { status: 200, body: { metadata } };
}

function showItem({ metadata }: Server, { params }: ApiCall): ApiResult {
  const key = params['key'] ?? '';
  const value = metadata[key];
  if (value === undefined) throw novaError(404, 'Metadata item was not found');
  return { status: 200, body: { meta: { [key]: value } } };
}

function putItem(cloud: Cloud, call: ApiCall): ApiResult {
  const key = call.params['key'] ?? '';
  const { meta } = readAs(z.object({ meta: metadataSchema }), call.body, badRequest);
  if (!Object.hasOwn(meta, key)) throw badRequest('Request body and URI mismatch');
  const server = changeable(cloud, call, 'update metadata');
  write(cloud, server, { ...server.metadata, [key]: meta[key] ?? '' });
  return { status: 200, body: { meta } };
}

function removeItem(cloud: Cloud, call: ApiCall): ApiResult {
  const server = findServer(cloud, call);
  showItem(server, call);
  const { [call.params['key'] ?? '']: _gone, ...rest } = server.metadata;
  write(cloud, changeable(cloud, call, 'delete metadata'), rest);
  return { status: 204 };
}
