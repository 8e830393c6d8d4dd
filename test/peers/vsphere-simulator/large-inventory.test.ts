import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '../../../src/kernel';
import type { BackendEvent, VmObservation } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import { contextOf } from '../../conformance/recording-context';
import { expectCode } from '../../conformance/error-codes';
import { FaultProxy } from '../../support/fault-proxy';
import { until } from '../../support/until';
import { TroubledVcenter } from '../../providers/vsphere/trouble';
import { RequestGate } from '../../../src/providers/contract';

const FOREIGN = 10_000;
const OURS = 300;
const BYTES_PER_SECOND = 1_000_000;

describe(`vSphere with ${FOREIGN} VMs, behind a line of 1 MB/s`, () => {
  let world: TroubledVcenter;
  let proxy: FaultProxy;

  beforeAll(async () => {
    world = await TroubledVcenter.start({ vms: FOREIGN - OURS, taskMs: 0 });
    await Promise.all(Array.from({ length: OURS }, () => world.vm()));
    proxy = await FaultProxy.start(world.server.url);
    proxy.limit(BYTES_PER_SECOND);
  }, 300_000);

  afterAll(async () => {
    await proxy.close();
    await world.close();
  });

  function distant() {
    return connect(proxy.through(world.server.url));
  }

  function connect(url: string) {
    const { username, password } = world.server;
    const settings = { url, username, password };
    return createProvider('vsphere', settings, {
      backendName: 'far',
      logger: silentLogger,
      requests: new RequestGate(),
    });
  }

  async function listAll(provider = distant()): Promise<VmObservation[]> {
    const items: VmObservation[] = [];
    try {
      let pageToken: string | null = null;
      do {
        const query = { installationId: world.installationId, pageToken };
        const page = await provider.listVms(query, contextOf());
        items.push(...page.items);
        pageToken = page.nextPageToken;
      } while (pageToken !== null);
      return items;
    } finally {
      await provider.close();
    }
  }

  it('lists each of ours once', async () => {
    const ids = (await listAll()).map(({ externalId }) => externalId);
    expect(ids).toHaveLength(OURS);
    expect(new Set(ids).size).toBe(OURS);
  });

  it('lists them as well where nothing is compressed, without keeping it all', async () => {
    const plain = await startPlain(proxy.through(world.server.url));
    const before = process.memoryUsage().rss;
    expect(await listAll(connect(plain.url))).toHaveLength(OURS);
    expect(plain.bytes()).toBeGreaterThan(FOREIGN * 200);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 ** 2);
    await plain.close();
  });

  it('says clearly that the line was cut in the middle, and lists everything the next time', async () => {
    const cut = proxy.cutReply({ to: 'ContinueRetrievePropertiesEx', afterBytes: 5_000 });
    const error = await expectCode(listAll(), 'UNAVAILABLE');
    expect(error.retryable).toBe(true);
    await cut;
    expect(await listAll()).toHaveLength(OURS);
  });

  it('follows changes', async () => {
    const provider = distant();
    const ended = new AbortController();
    const events: BackendEvent[] = [];
    const feed = provider.watch((event) => events.push(event), ended.signal);
    await until(() => events.some(({ type }) => type === 'RESYNC'), Boolean, 20_000);
    const ref = await world.vm();
    const isTold = () =>
      events.some((event) => event.type === 'VM_CHANGED' && event.vm.externalId === ref.externalId);
    await until(isTold, Boolean, 20_000);
    await world.settle((calm) => calm.deleteVm(ref, contextOf()));
    await until(
      () => events.some((event) => event.type === 'VM_GONE' && event.externalId === ref.externalId),
      Boolean,
      20_000,
    );
    ended.abort();
    await feed;
    await provider.close();
  });
});

/** Forwards requests without what they say of compression, and counts what comes back. */
async function startPlain(target: string) {
  let bytes = 0;
  const server = createServer((request, response) => {
    const { 'accept-encoding': _refused, ...headers } = request.headers;
    const url = new URL(request.url ?? '/', target);
    const outgoing = forward(url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (piece: Buffer) => (bytes += piece.length)).pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    request.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/sdk`,
    bytes: () => bytes,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
