import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until';
import { makePki } from '../support/libvirtd';
import { Vcsim } from '../support/vcsim';

const SESSION = { type: 'SessionManager', id: 'SessionManager' };
const ROOT_FOLDER = { type: 'Folder', id: 'group-d1' };
const SERVICE = { type: 'ServiceInstance', id: 'ServiceInstance' };

function envelope(method: string, on: { type: string; id: string }, rest = ''): string {
  const call = `<${method} xmlns="urn:vim25"><_this type="${on.type}">${on.id}</_this>${rest}</${method}>`;
  const body = `<soapenv:Body>${call}</soapenv:Body>`;
  return `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">${body}</soapenv:Envelope>`;
}

interface Reply {
  readonly status: number;
  readonly cookie: string;
  readonly text: string;
}

async function post(url: string, body: string, cookie = ''): Promise<Reply> {
  const headers = { 'content-type': 'text/xml', soapaction: 'urn:vim25/6.7', connection: 'close', cookie };
  const reply = await fetch(url, { method: 'POST', headers, body });
  const set = reply.headers.get('set-cookie') ?? '';
  return { status: reply.status, cookie: set.split(';')[0] ?? '', text: await reply.text() };
}

function login(vcsim: Vcsim, password = vcsim.password): Promise<Reply> {
  const account = `<userName>${vcsim.username}</userName><password>${password}</password>`;
  return post(vcsim.url, envelope('Login', SESSION, account));
}

function createFolder(cookie: string, { url }: Vcsim): Promise<Reply> {
  return post(url, envelope('CreateFolder', ROOT_FOLDER, '<name>left-behind</name>'), cookie);
}

/** The promises that the tests above this peer build on. */
describe('the vcsim peer', () => {
  let vcsim: Vcsim;

  beforeAll(async () => {
    vcsim = await Vcsim.start({ clusters: 2, vms: 1 });
  });

  afterAll(async () => {
    await vcsim.stop();
  });

  test('is a vCenter', async () => {
    const { status, text } = await post(vcsim.url, envelope('RetrieveServiceContent', SERVICE));
    expect(status).toBe(200);
    expect(text).toContain('<apiType>VirtualCenter</apiType>');
  });

  test('lets in whom it knows, and nobody else', async () => {
    expect(await login(vcsim, 'wrong')).toMatchObject({
      status: 500,
      text: expect.stringMatching('InvalidLogin'),
    });
    expect(await login(vcsim)).toMatchObject({
      status: 200,
      cookie: expect.stringMatching(/^vmware_soap_session=/),
    });
  });

  test('forgets its sessions and its inventory when it is killed, and comes back on the same port', async () => {
    const { url } = vcsim;
    const { cookie } = await login(vcsim);
    expect((await createFolder(cookie, vcsim)).status).toBe(200);
    expect((await createFolder(cookie, vcsim)).text).toContain('DuplicateName');

    await vcsim.kill();
    expect(vcsim.running).toBe(false);
    await expect(login(vcsim)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });

    await vcsim.restart();
    expect(vcsim.url).toBe(url);
    expect((await createFolder(cookie, vcsim)).text).toContain('NotAuthenticated');
    expect((await createFolder((await login(vcsim)).cookie, vcsim)).status).toBe(200);
  });

  test('is gone after stop, which may be repeated', async () => {
    const stopped = await Vcsim.start({ hosts: 1, vms: 0 });
    await stopped.stop();
    await stopped.stop();
    await expect(login(stopped)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  test('speaks TLS with the certificate that it is given', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hypergate-pki-'));
    await makePki(directory);
    const tls = { certFile: join(directory, 'server.pem'), keyFile: join(directory, 'server.key') };
    const secure = await Vcsim.start({ vms: 0, tls });
    try {
      const ca = await readFile(join(directory, 'ca.pem'));
      const status = await new Promise((resolve, reject) => {
        const sent = request(secure.url, { method: 'POST', ca, agent: false }, (reply) => {
          reply.resume().on('end', () => resolve(reply.statusCode));
        });
        sent.on('error', reject).end(envelope('RetrieveServiceContent', SERVICE));
      });
      expect(status).toBe(200);
    } finally {
      await secure.stop();
      await rm(directory, { recursive: true });
    }
  });

  test('loses a session that nobody uses', async () => {
    const impatient = await Vcsim.start({ vms: 0, sessionTimeoutMs: 50 });
    try {
      const { cookie } = await login(impatient);
      expect((await createFolder(cookie, impatient)).status).toBe(200);
      // Asking keeps it alive, so the pauses are longer than its life.
      await until(
        () => createFolder(cookie, impatient),
        ({ text }) => text.includes('NotAuthenticated'),
        10_000,
        300,
      );
    } finally {
      await impatient.stop();
    }
  });
});
