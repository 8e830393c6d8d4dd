import { struct } from '../../../src/simulators/vsphere/vim/values';
import { child, envelope, textOf } from './soap-client';
import { serve } from './serve';
import type { Stage } from './serve';

const INSTANCE = ['ServiceInstance', 'ServiceInstance'] as const;
const SESSIONS = ['SessionManager', 'SessionManager'] as const;

describe('the service', () => {
  let stage: Stage;
  let now = 0;
  beforeAll(async () => {
    stage = await serve({ now: () => now, sessionTimeoutMs: 1_000 });
  });
  afterAll(() => stage.close());

  it('tells strangers where to begin', async () => {
    const [content] = await stage.newClient().call('RetrieveServiceContent', INSTANCE);
    expect(content!.children.map((one) => one.name)).toEqual([
      'rootFolder',
      'propertyCollector',
      'viewManager',
      'about',
      'sessionManager',
    ]);
    const about = child(content!, 'about');
    expect(textOf(about, 'apiType')).toBe('VirtualCenter');
    expect(textOf(about, 'fullName')).toBe('Hypergate vSphere simulator 1 (vim25 8.0)');
    expect(child(content!, 'rootFolder').attributes).toEqual({ type: 'Folder' });
  });

  it('lists the versions that it speaks', async () => {
    const text = await (await fetch(`${stage.url}/sdk/vimServiceVersions.xml`)).text();
    expect(text).toContain('<name>urn:vim25</name><version>8.0.2.0</version>');
    expect((await fetch(`${stage.url}/else`)).status).toBe(404);
  });

  it('refuses a wrong password and a login on a live session', async () => {
    const args = (password: string) => `<userName>user</userName><password>${password}</password>`;
    await expect(stage.newClient().call('Login', SESSIONS, args('wrong'))).rejects.toMatchObject({
      type: 'InvalidLogin',
    });
    await expect(stage.client.call('Login', SESSIONS, args('pass'))).rejects.toMatchObject({
      type: 'InvalidLogin',
    });
    await expect(
      stage.newClient().call('Login', SESSIONS, '<userName>user</userName>'),
    ).rejects.toMatchObject({
      type: 'InvalidArgument',
      detail: { children: [{ name: 'invalidProperty', text: 'password' }] },
    });
  });

  it('hides the cookie from scripts', async () => {
    const args = '<userName>user</userName><password>pass</password>';
    const raw = await stage
      .newClient()
      .post(
        envelope(
          `<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this>${args}</Login>`,
        ),
      );
    expect(raw.headers['set-cookie']).toEqual([
      expect.stringMatching(/^vmware_soap_session="[0-9a-f]{40}"; Path=\/; HttpOnly;/),
    ]);
  });

  it('knows who is logged in until the logout', async () => {
    const client = stage.newClient();
    const session = await client.login();
    const args = `<sessionID>${textOf(session, 'key')}</sessionID><userName>user</userName>`;
    const isActive = async () => (await stage.client.call('SessionIsActive', SESSIONS, args))[0]!.text;
    expect(await isActive()).toBe('true');
    expect(await client.call('Logout', SESSIONS)).toEqual([]);
    expect(await isActive()).toBe('false');
    await expect(client.call('Logout', SESSIONS)).rejects.toMatchObject({ type: 'NotAuthenticated' });
  });

  it('ends the session of another, but not one that does not exist', async () => {
    const client = stage.newClient();
    const key = textOf(await client.login(), 'key');
    await stage.client.call('TerminateSession', SESSIONS, `<sessionId>${key}</sessionId>`);
    await expect(client.call('Logout', SESSIONS)).rejects.toMatchObject({ type: 'NotAuthenticated' });
    await expect(
      stage.client.call('TerminateSession', SESSIONS, `<sessionId>${key}</sessionId>`),
    ).rejects.toMatchObject({ type: 'NotFound' });
  });

  it('forgets a session that was idle for too long', async () => {
    const client = stage.newClient();
    await client.login();
    now += 999;
    await client.call('CurrentTime', INSTANCE);
    await stage.client.call('CurrentTime', INSTANCE);
    now += 999;
    await client.call('Fetch', SESSIONS, '<prop>sessionList</prop>');
    await stage.client.call('CurrentTime', INSTANCE);
    now += 1_000;
    await expect(client.call('Fetch', SESSIONS, '<prop>sessionList</prop>')).rejects.toMatchObject({
      type: 'NotAuthenticated',
    });
    await stage.client.login();
  });

  it('hides from an older client what came after it', async () => {
    stage.store.update(stage.vms[0]!, {
      'config.hardware': struct('VirtualHardware', { numCPU: 1, simultaneousThreads: 1 }),
      'config.sevEnabled': false,
    });
    const body = envelope(
      '<Fetch xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this><prop>config</prop></Fetch>',
    );
    const shown = async (headers: Readonly<Record<string, string>>) => {
      const { text } = await stage.client.post(body, headers);
      return ['numCPU', 'sevEnabled', 'simultaneousThreads'].filter((field) => text.includes(`<${field}>`));
    };
    const all = ['numCPU', 'sevEnabled', 'simultaneousThreads'];
    expect(await shown({ SOAPAction: '"urn:vim25/6.7.1"' })).toEqual(['numCPU']);
    expect(await shown({ SOAPAction: 'urn:vim25/7.0.3.0' })).toEqual(['numCPU', 'sevEnabled']);
    expect(await shown({ SOAPAction: 'urn:vim25/8.0.2.0' })).toEqual(all);
    expect(await shown({})).toEqual(all);
  });

  it('faults for what does not exist', async () => {
    await expect(stage.client.call('Toast', ['VirtualMachine', 'vm-1'])).rejects.toMatchObject({
      type: 'MethodNotFound',
      detail: {
        children: [
          { name: 'receiver', text: 'vm-1', attributes: { type: 'VirtualMachine' } },
          { name: 'method', text: 'Toast' },
        ],
      },
    });
    await expect(stage.client.call('Fetch', ['VirtualMachine', 'vm-99'])).rejects.toMatchObject({
      type: 'ManagedObjectNotFound',
      detail: { children: [{ name: 'obj', text: 'vm-99' }] },
    });
    await expect(stage.client.call('Fetch', ['Toaster', 'vm-99'])).rejects.toMatchObject({
      type: 'InvalidType',
    });
  });

  it.each([
    ['nothing', ''],
    ['what is not XML', 'GET /'],
    ['what is cut off', '<a><b>'],
    ['another root', '<a/>'],
    ['an empty body', envelope('')],
    ['two calls', envelope('<A xmlns="urn:vim25"/><B xmlns="urn:vim25"/>')],
    ['another namespace', envelope('<A xmlns="urn:other"/>')],
    [
      'a document type',
      `<!DOCTYPE a [<!ENTITY b "c">]>${envelope('<A xmlns="urn:vim25">&b;</A>').slice(21)}`,
    ],
    ['a very deep request', envelope(`<A xmlns="urn:vim25">${'<a>'.repeat(100)}${'</a>'.repeat(100)}</A>`)],
  ])('refuses %s', async (_, body) => {
    const raw = await stage.client.post(body);
    expect(raw.status).toBe(500);
    expect(raw.text).toContain('<InvalidRequestFault xmlns="urn:vim25" xsi:type="InvalidRequest">');
  });
});
