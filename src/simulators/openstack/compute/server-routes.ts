import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Server } from '../model/server-record';
import type { ApiCall, ApiResult } from '../wire/api-call';
import { readAs } from '../wire/read';
import type { Route } from '../wire/route';
import { createServer } from './create-server';
import { findServer } from './find-server';
import { listServers } from './list-servers';
import { badRequest, novaError } from './nova-error';
import { briefView, serverView } from './server-view';
import { runAction } from './actions';
import type { ComputeService } from './work/compute-service';
import { touchServer } from './work/outcomes';

const updateSchema = z.object({
  server: z.object({
    name: z.string().min(1).max(255).optional(),
    description: z.string().max(255).nullable().optional(),
    hostname: z.string().min(2).max(255).optional(),
  }),
});

export function serverRoutes(cloud: Cloud, service: ComputeService): readonly Route[] {
  return [
    { method: 'POST', pattern: '/servers', handle: (call) => createServer(cloud, service, call) },
    {
      method: 'GET',
      pattern: '/servers',
      handle: (call) => listServers(cloud, call, 'servers', (server) => briefView(server, call)),
    },
    {
      method: 'GET',
      pattern: '/servers/detail',
      handle: (call) => listServers(cloud, call, 'servers/detail', (server) => read(cloud, server, call)),
    },
    {
      method: 'GET',
      pattern: '/servers/:id',
      handle: (call) => ({ status: 200, body: { server: read(cloud, findServer(cloud, call), call) } }),
    },
    { method: 'PUT', pattern: '/servers/:id', handle: (call) => update(cloud, call) },
    { method: 'DELETE', pattern: '/servers/:id', handle: (call) => remove(cloud, service, call) },
    { method: 'POST', pattern: '/servers/:id/action', handle: (call) => runAction(cloud, service, call) },
    {
      method: 'GET',
      pattern: '/servers/:id/os-interface',
      handle: (call) => ({ status: 200, body: interfacesOf(cloud, findServer(cloud, call)) }),
    },
  ];
}

/** A fault that was still being written is there when it is looked for again. */
function read(cloud: Cloud, server: Server, call: ApiCall): object {
  const view = serverView(cloud, server, call);
  if (server.fault && server.vmState === 'error') server.fault.lagging = false;
  return view;
}

function update(cloud: Cloud, call: ApiCall): ApiResult {
  const server = findServer(cloud, call);
  const { name, description, hostname } = readAs(updateSchema, call.body, badRequest).server;
  if (name !== undefined) server.name = name;
  if (description !== undefined) server.description = description;
  if (hostname !== undefined && call.microversion >= 90) server.hostname = hostname;
  touchServer(cloud, server);
  return { status: 200, body: { server: read(cloud, server, call) } };
}

/** May be said again while it is under way. */
function remove(cloud: Cloud, service: ComputeService, call: ApiCall): ApiResult {
  const server = findServer(cloud, call);
  if (server.locked) throw novaError(409, `Instance ${server.id} is locked`);
  if (server.host === null) service.remove(server);
  else if (server.work?.kind !== 'DELETE') service.begin(server, 'DELETE');
  return { status: 204 };
}

function interfacesOf({ world }: Cloud, { cards }: Server) {
  const interfaceAttachments = cards.flatMap(({ portId }) => {
    const port = world.ports.get(portId);
    if (!port) return [];
    return [
      {
        net_id: port.networkId,
        port_id: port.id,
        mac_addr: port.macAddress,
        port_state: port.status,
        fixed_ips: port.fixedIps.map((one) => ({ subnet_id: one.subnetId, ip_address: one.ipAddress })),
        tag: null,
      },
    ];
  });
  return { interfaceAttachments };
}
