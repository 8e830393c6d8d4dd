import { createProtocol } from '../../../src/simulators/vsphere/service/create-protocol';
import type { ProtocolOptions } from '../../../src/simulators/vsphere/service/create-protocol';
import type { MethodTable } from '../../../src/simulators/vsphere/service/method';
import type { VsphereServer } from '../../../src/simulators/vsphere/service/vsphere-server';
import { sampleInventory } from './sample-inventory';
import type { SampleInventory } from './sample-inventory';
import { SoapClient } from './soap-client';

export interface Stage extends SampleInventory {
  readonly server: VsphereServer;
  readonly url: string;
  /** Logged in. */
  readonly client: SoapClient;
  newClient(): SoapClient;
  close(): Promise<void>;
}

/** A server on a free port over the sample inventory, and a client that has logged in. */
export async function serve(
  options: ProtocolOptions & { readonly vms?: number; readonly methods?: readonly MethodTable[] } = {},
): Promise<Stage> {
  const inventory = sampleInventory(options.vms);
  const server = createProtocol({
    store: inventory.store,
    methods: options.methods ?? [],
    credentials: { username: 'user', password: 'pass' },
    service: {
      refs: { rootFolder: inventory.ref.root },
      instanceUuid: '6b9a3f5e-0000-4000-8000-000000000000',
    },
    options,
  });
  const url = await server.start('127.0.0.1', 0);
  const clients: SoapClient[] = [];
  const newClient = () => {
    const client = new SoapClient(url);
    clients.push(client);
    return client;
  };
  const client = newClient();
  if (!options.certificate) await client.login();
  const close = async () => {
    for (const each of clients) each.close();
    await server.close();
  };
  return { ...inventory, server, url, client, newClient, close };
}
