import { TransportError, VimClient, VimFault } from '../../../src/providers/vsphere/client';
import { answer, send, sendFault, SoapServer } from './soap-server';
import type { Handler } from './soap-server';

const VM = { type: 'VirtualMachine', value: 'vm-1' } as const;
const TASK = '<returnval type="Task">task-1</returnval>';

let server: SoapServer;
let client: VimClient;

async function start(handlers: Record<string, Handler>): Promise<void> {
  server = await SoapServer.start(handlers);
  client = new VimClient({ url: server.url, username: 'u', password: 'p&<w>', callTimeoutMs: 10_000 });
}

afterEach(async () => {
  await client.close();
  await server.stop();
});

const whenKnown =
  (handle: Handler): Handler =>
  (response, call) =>
    server.knows(call) ? handle(response, call) : sendFault(response, 'NotAuthenticated');

const objects = (inner: string): string =>
  answer(
    'RetrievePropertiesEx',
    `<returnval><objects><obj type="VirtualMachine">vm-1</obj>${inner}</objects></returnval>`,
  );
const NAMED = objects('<propSet><name>name</name><val xsi:type="xsd:string">one</val></propSet>');

describe('the session', () => {
  it('begins once for all who wait, with the highest version in common', async () => {
    await start({ PowerOnVM_Task: whenKnown((response) => send(response, answer('PowerOnVM_Task', TASK))) });
    const tasks = await Promise.all(Array.from({ length: 20 }, () => client.call('PowerOnVM_Task', VM, {})));
    expect(tasks).toEqual(Array.from({ length: 20 }, () => ({ type: 'Task', value: 'task-1' })));
    expect(server.times('Login')).toBe(1);
    expect(server.times('GET')).toBe(1);
    expect(server.calls.at(-1)).toMatchObject({
      action: 'urn:vim25/8.0.1.0',
      cookie: 'vmware_soap_session=session-1',
    });
    expect(server.calls.find((call) => call.method === 'Login')?.body).toContain('p&amp;&lt;w&gt;');
  });

  it('leaves the version to a server that does not tell of any', async () => {
    await start({ GET: (response) => response.writeHead(404).end('no such thing') });
    expect((await client.content()).about.apiVersion).toBe('8.0.1.0');
    expect(server.calls.at(-1)?.action).toBe('urn:vim25');
  });

  it('is made anew after NotAuthenticated, and the call is repeated, once for many at a time', async () => {
    await start({ PowerOnVM_Task: whenKnown((response) => send(response, answer('PowerOnVM_Task', TASK))) });
    await client.content();
    server.sessions.clear();
    await Promise.all(Array.from({ length: 10 }, () => client.call('PowerOnVM_Task', VM, {})));
    expect(server.times('Login')).toBe(2);
  });

  it('is made anew after an answer in which every property is missing for want of it', async () => {
    const missing =
      '<missingSet><path>name</path><fault><fault xsi:type="NotAuthenticated"><object type="VirtualMachine">vm-1' +
      '</object><privilegeId>System.Read</privilegeId></fault><localizedMessage></localizedMessage></fault></missingSet>';
    await start({
      RetrievePropertiesEx: (response, call) => send(response, server.knows(call) ? NAMED : objects(missing)),
    });
    await client.content();
    server.sessions.clear();
    expect(await client.read(VM, ['name'])).toEqual({ name: 'one' });
    expect(server.times('Login')).toBe(2);
  });

  it('is made anew where the server knows our view no longer', async () => {
    let views = 0;
    await start({
      CreateContainerView: whenKnown((response) => {
        views += 1;
        send(
          response,
          answer('CreateContainerView', `<returnval type="ContainerView">view-${views}</returnval>`),
        );
      }),
      RetrievePropertiesEx: (response, call) =>
        call.body.includes('view-1')
          ? sendFault(response, 'ManagedObjectNotFound', '<obj type="ContainerView">view-1</obj>')
          : send(
              response,
              answer(
                'RetrievePropertiesEx',
                '<returnval><objects><obj type="ContainerView">view-2</obj><propSet><name>view</name>' +
                  '<val xsi:type="ArrayOfManagedObjectReference"><ManagedObjectReference type="VirtualMachine">vm-1' +
                  '</ManagedObjectReference></val></propSet></objects></returnval>',
              ),
            ),
    });
    expect(await client.listContained({ type: 'Folder', value: 'group-d1' }, 'VirtualMachine')).toEqual([VM]);
    expect(server.times('Login')).toBe(2);
  });

  it('tells of every object once although it was lost between two pages', async () => {
    const page = (ids: readonly string[], token: string): string =>
      `<returnval>${token}${ids.map((id) => `<objects><obj type="VirtualMachine">${id}</obj></objects>`).join('')}</returnval>`;
    let lost = false;
    await start({
      CreateContainerView: (response) =>
        send(response, answer('CreateContainerView', '<returnval type="ContainerView">v</returnval>')),
      RetrievePropertiesEx: (response) =>
        send(response, answer('RetrievePropertiesEx', page(['a', 'b'], '<token>t</token>'))),
      ContinueRetrievePropertiesEx: (response) => {
        if (lost) send(response, answer('ContinueRetrievePropertiesEx', page(['b', 'c'], '')));
        else sendFault(response, 'NotAuthenticated');
        lost = true;
      },
    });
    const seen: string[] = [];
    for await (const { ref } of client.retrieveContained({ type: 'Folder', value: 'f' }, 'VirtualMachine', [
      'name',
    ]))
      seen.push(ref.value);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('gives up when the new one is lost as well', async () => {
    await start({ PowerOnVM_Task: (response) => sendFault(response, 'NotAuthenticated') });
    await expect(client.call('PowerOnVM_Task', VM, {})).rejects.toMatchObject({ type: 'NotAuthenticated' });
    expect(server.times('PowerOnVM_Task')).toBe(2);
  });

  it('does not hammer a server that refuses the password', async () => {
    await start({ Login: (response) => sendFault(response, 'InvalidLogin') });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => client.content()));
    await expect(client.content()).rejects.toBeInstanceOf(VimFault);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(server.times('Login')).toBe(1);
    const later = performance.now() + 11_000;
    const clock = jest.spyOn(performance, 'now').mockReturnValue(later);
    await expect(client.content()).rejects.toBeInstanceOf(VimFault);
    clock.mockRestore();
    expect(server.times('Login')).toBe(2);
    // The second refusal in a row is believed for twice as long.
    for (const [waitedMs, logins] of [
      [30_000, 2],
      [32_000, 3],
    ] as const) {
      const again = jest.spyOn(performance, 'now').mockReturnValue(later - 11_000 + waitedMs);
      await expect(client.content()).rejects.toBeInstanceOf(VimFault);
      again.mockRestore();
      expect(server.times('Login')).toBe(logins);
    }
  });

  it('ends with the client, and nothing is possible after that', async () => {
    await start({});
    await client.content();
    await client.close();
    expect(server.times('Logout')).toBe(1);
    await expect(client.content()).rejects.toMatchObject({ reason: 'CLOSED', sent: false });
    await expect(client.call('PowerOnVM_Task', VM, {})).rejects.toBeInstanceOf(TransportError);
  });
});
