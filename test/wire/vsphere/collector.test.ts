import { VimClient } from '../../../src/providers/vsphere/client';
import type { MoRef, ObjectUpdate } from '../../../src/providers/vsphere/client';
import { answer, send, sendFault, SoapServer } from './soap-server';
import type { Handler, Received } from './soap-server';

const ROOT = { type: 'Folder', value: 'group-d1' };
const vm = (value: string): MoRef<'VirtualMachine'> => ({ type: 'VirtualMachine', value });
const named = (id: string): string =>
  `<objects><obj type="VirtualMachine">${id}</obj><propSet><name>name</name><val xsi:type="xsd:string">${id}</val></propSet></objects>`;
const idsIn = (call: Received): string[] =>
  [...call.body.matchAll(/<obj type="VirtualMachine">([^<]*)<\/obj>/g)].map((match) => match[1]!);
const made =
  (method: string, type: string, id: string): Handler =>
  (response) =>
    send(response, answer(method, `<returnval type="${type}">${id}</returnval>`));

let server: SoapServer;
let client: VimClient;

async function start(handlers: Record<string, Handler>): Promise<void> {
  server = await SoapServer.start({
    CreateContainerView: made('CreateContainerView', 'ContainerView', 'view-1'),
    CreatePropertyCollector: made('CreatePropertyCollector', 'PropertyCollector', 'collector-1'),
    CreateFilter: made('CreateFilter', 'PropertyFilter', 'filter-1'),
    ...handlers,
  });
  client = new VimClient({ url: server.url, username: 'u', password: 'p', callTimeoutMs: 10_000 });
}

afterEach(async () => {
  await client.close();
  await server.stop();
});

describe('reading many objects', () => {
  const ids = Array.from({ length: 1_234 }, (_, n) => `vm-${n}`);

  it('goes by chunks, and leaves out what is gone', async () => {
    await start({
      RetrievePropertiesEx: (response, call) => {
        expect(call.body).toContain('<reportMissingObjectsInResults>true<');
        const here = idsIn(call).filter((id) => id !== 'vm-7');
        send(response, answer('RetrievePropertiesEx', `<returnval>${here.map(named).join('')}</returnval>`));
      },
    });
    const found = await client.readMany(ids.map(vm), ['name']);
    expect(found.size).toBe(1_233);
    expect(found.get('vm-1233')).toEqual({ name: 'vm-1233' });
    expect(found.has('vm-7')).toBe(false);
    expect(server.times('RetrievePropertiesEx')).toBe(3);
  });

  it('goes on without what a server refuses it all for', async () => {
    const gone = new Set(['vm-3', 'vm-5']);
    await start({
      RetrievePropertiesEx: (response, call) => {
        const first = idsIn(call).find((id) => gone.has(id));
        if (first !== undefined)
          sendFault(response, 'ManagedObjectNotFound', `<obj type="VirtualMachine">${first}</obj>`);
        else
          send(
            response,
            answer('RetrievePropertiesEx', `<returnval>${idsIn(call).map(named).join('')}</returnval>`),
          );
      },
    });
    const found = await client.readMany(ids.slice(0, 10).map(vm), ['name']);
    expect([...found.keys()]).toEqual(ids.slice(0, 10).filter((id) => !gone.has(id)));
    expect(await client.read(vm('vm-3'), ['name'])).toBeNull();
  });

  it('asks for nothing more once a chunk has failed', async () => {
    await start({
      RetrievePropertiesEx: (response) => sendFault(response, 'InvalidProperty', '<name>x</name>'),
    });
    const many = Array.from({ length: 10_000 }, (_, n) => vm(`vm-${n}`));
    await expect(client.readMany(many, ['name'])).rejects.toMatchObject({ fault: { name: 'x' } });
    await client.close();
    expect(server.times('RetrievePropertiesEx')).toBeLessThanOrEqual(8);
  });

  it('of none asks nobody', async () => {
    await start({});
    expect((await client.readMany([].map(vm), ['name'])).size).toBe(0);
    expect(server.calls).toEqual([]);
  });

  it('lets no property in that nobody asked for', async () => {
    await start({
      RetrievePropertiesEx: (response) => {
        const odd = '<propSet><name>__proto__</name><val xsi:type="xsd:string">x</val></propSet>';
        send(
          response,
          answer(
            'RetrievePropertiesEx',
            `<returnval>${named('a').replace('<propSet>', `${odd}<propSet>`)}</returnval>`,
          ),
        );
      },
    });
    expect(await client.read(vm('a'), ['name'])).toEqual({ name: 'a' });
  });
});

describe('what a container holds', () => {
  const page = (method: string, id: string, token: string): string =>
    answer(method, `<returnval><token>${token}</token>${named(id)}</returnval>`);

  it('comes in pages; what is not fetched to the end is given up, and the view destroyed', async () => {
    await start({
      RetrievePropertiesEx: (response) => send(response, page('RetrievePropertiesEx', 'a', 't1')),
      ContinueRetrievePropertiesEx: (response, call) =>
        send(response, page('ContinueRetrievePropertiesEx', 'b', call.body.includes('t1') ? 't2' : 't3')),
    });
    const seen: (string | undefined)[] = [];
    for await (const { properties } of client.retrieveContained(ROOT, 'VirtualMachine', ['name'])) {
      seen.push(properties.name);
      if (seen.length === 2) break;
    }
    await client.close();
    expect(seen).toEqual(['a', 'b']);
    expect(server.calls.find((call) => call.method === 'CancelRetrievePropertiesEx')?.body).toContain('t2');
    expect(server.calls.find((call) => call.method === 'DestroyView')?.body).toContain('view-1');
    expect(server.calls.at(-1)?.method).toBe('Logout');
  });
});

describe('following a container', () => {
  const set = (version: string, truncated: boolean, ...objects: string[]): string =>
    answer(
      'WaitForUpdatesEx',
      `<returnval><version>${version}</version><filterSet><filter type="PropertyFilter">filter-1</filter>` +
        `${objects.join('')}</filterSet><truncated>${truncated}</truncated></returnval>`,
    );
  const update = (kind: string, id: string, change = ''): string =>
    `<objectSet><kind>${kind}</kind><obj type="VirtualMachine">${id}</obj>${change}</objectSet>`;
  const renamed = '<changeSet><name>name</name><op>assign</op><val xsi:type="xsd:string">n</val></changeSet>';
  const unset = '<changeSet><name>runtime.host</name><op>remove</op></changeSet>';

  async function take(count: number, controller: AbortController): Promise<(readonly ObjectUpdate[])[]> {
    const batches: (readonly ObjectUpdate[])[] = [];
    const paths = ['name', 'runtime.host'] as const;
    const options = { container: ROOT, type: 'VirtualMachine', paths } as const;
    for await (const batch of client.follow(options, controller.signal)) {
      batches.push(batch);
      if (batches.length === count) break;
    }
    return batches;
  }

  const script =
    (...answers: readonly (string | null)[]): Handler =>
    (response) => {
      const next = answers[server.times('WaitForUpdatesEx') - 1];
      if (typeof next === 'string') send(response, next);
    };

  it('begins with all there is, drains what is truncated, and then tells of changes', async () => {
    await start({
      WaitForUpdatesEx: script(
        set('1', true, update('enter', 'a', renamed)),
        set('2', false, update('enter', 'b')),
        answer('WaitForUpdatesEx'),
        set('3', false, update('modify', 'a', unset), update('leave', 'b')),
      ),
    });
    expect(await take(2, new AbortController())).toEqual([
      [
        { kind: 'enter', ref: vm('a'), changed: [{ path: 'name', value: 'n' }] },
        { kind: 'enter', ref: vm('b'), changed: [] },
      ],
      [
        { kind: 'modify', ref: vm('a'), changed: [{ path: 'runtime.host', value: undefined }] },
        { kind: 'leave', ref: vm('b'), changed: [] },
      ],
    ]);
    const waits = server.calls.filter((call) => call.method === 'WaitForUpdatesEx');
    expect(waits.map((call) => /<version>(.*?)</.exec(call.body)?.[1])).toEqual(['', '1', '2', '2']);
    expect(waits.map((call) => /<maxWaitSeconds>(.*?)</.exec(call.body)?.[1])).toEqual([
      '0',
      '0',
      '60',
      '60',
    ]);
    expect(new Set(waits.map((call) => call.socket)).size).toBe(1);
    await client.close();
    const last = server.calls.slice(-4).map((call) => call.method);
    expect(last).toEqual(['CancelWaitForUpdates', 'DestroyPropertyCollector', 'DestroyView', 'Logout']);
  });

  it('of nothing begins with an empty set', async () => {
    await start({ WaitForUpdatesEx: script(answer('WaitForUpdatesEx')) });
    expect(await take(1, new AbortController())).toEqual([[]]);
  });

  it('ends at once when its signal is aborted, although the server waits', async () => {
    await start({ WaitForUpdatesEx: script(answer('WaitForUpdatesEx'), null) });
    const controller = new AbortController();
    const reason = new Error('over');
    const following = take(2, controller);
    while (server.times('WaitForUpdatesEx') < 2) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await expect(following).rejects.toBe(reason);
  });

  it('throws when the server has lost the collector, and begins with a new session after that', async () => {
    await start({
      WaitForUpdatesEx: (response, call) => {
        if (call.cookie === 'vmware_soap_session=session-1')
          sendFault(response, 'ManagedObjectNotFound', '<obj type="PropertyCollector">collector-1</obj>');
        else send(response, set('1', false, update('enter', 'a')));
      },
    });
    await expect(take(1, new AbortController())).rejects.toMatchObject({ type: 'ManagedObjectNotFound' });
    expect(await take(1, new AbortController())).toHaveLength(1);
    expect(server.times('Login')).toBe(2);
  });

  it('throws when the client is closed', async () => {
    await start({ WaitForUpdatesEx: script(answer('WaitForUpdatesEx'), null) });
    const following = take(2, new AbortController());
    const outcome = expect(following).rejects.toMatchObject({ reason: 'CLOSED' });
    while (server.times('WaitForUpdatesEx') < 2) await new Promise((resolve) => setImmediate(resolve));
    await client.close();
    await outcome;
  });
});
