import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LibvirtClientOptions } from '../../../src/providers/libvirt/client';
import { LibvirtClient, LibvirtConnectionError } from '../../../src/providers/libvirt/client';
import { makePki, PrivateLibvirtd } from '../support/libvirtd';

jest.setTimeout(60_000);

let daemon: PrivateLibvirtd;
let pki: string;
let strangers: string;
let tcpPort: number;
let tlsPort: number;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

beforeAll(async () => {
  pki = await mkdtemp(join(tmpdir(), 'libvirt-pki-'));
  strangers = await mkdtemp(join(tmpdir(), 'libvirt-pki-'));
  await Promise.all([makePki(pki), makePki(strangers)]);
  [tcpPort, tlsPort] = [await freePort(), await freePort()];
  daemon = await PrivateLibvirtd.start({
    hostNetwork: true,
    tcpPort,
    tls: { port: tlsPort, pkiDirectory: pki },
  });
});

afterAll(async () => {
  await daemon.stop();
  for (const directory of [pki, strangers]) await rm(directory, { recursive: true });
});

async function domainNames(options: LibvirtClientOptions): Promise<string[]> {
  const client = new LibvirtClient(options);
  try {
    return (await client.domains.listAll()).map(({ name }) => name);
  } finally {
    client.close();
  }
}

async function refusal(options: LibvirtClientOptions): Promise<LibvirtConnectionError> {
  const error: unknown = await domainNames(options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LibvirtConnectionError);
  return error as LibvirtConnectionError;
}

describe('transports', () => {
  it('reach the daemon by UNIX socket and TCP', async () => {
    expect(await domainNames({ uri: daemon.uri('test:///default') })).toEqual(['test']);
    expect(await domainNames({ uri: `test+tcp://127.0.0.1:${tcpPort}/default` })).toEqual(['test']);
  });

  it('reach it by TLS, with the certificates of pkipath or of the options', async () => {
    const client = join(pki, 'client');
    expect(await domainNames({ uri: `test+tls://localhost:${tlsPort}/default?pkipath=${client}` })).toEqual([
      'test',
    ]);
    const tls = {
      caFile: join(pki, 'ca.pem'),
      certFile: join(client, 'clientcert.pem'),
      keyFile: join(client, 'clientkey.pem'),
    };
    expect(await domainNames({ uri: `test+tls://127.0.0.1:${tlsPort}/default`, tls })).toEqual(['test']);
  });

  it('say that the daemon wants a certificate of the client', async () => {
    const uri = `test+tls://localhost:${tlsPort}/default`;
    const { message } = await refusal({ uri, tls: { caFile: join(pki, 'ca.pem') } });
    expect(message).toMatch(/refused our certificate, or wants one/);
  });

  it('refuse a daemon that they cannot verify, for good', async () => {
    const uri = `test+tls://localhost:${tlsPort}/default`;
    expect(await refusal({ uri: `${uri}?pkipath=${join(strangers, 'client')}` })).toMatchObject({
      retriable: false,
    });
    expect(await refusal({ uri })).toMatchObject({ retriable: false });
    const tls = { caFile: join(pki, 'ca.pem'), serverName: 'another.example' };
    expect(await refusal({ uri, tls })).toMatchObject({ retriable: false });
    expect(await refusal({ uri, tls: { caFile: join(pki, 'missing.pem') } })).toMatchObject({
      retriable: false,
    });
  });

  it('carry bulk data over TLS unchanged', async () => {
    const client = new LibvirtClient({
      uri: `qemu+tls://localhost:${tlsPort}/system?pkipath=${join(pki, 'client')}`,
    });
    try {
      const path = daemon.imagesDirectory;
      const pool = await client.pools.defineXml(
        `<pool type='dir'><name>p</name><target><path>${path}</path></target></pool>`,
      );
      await client.pools.create(pool);
      const volume = await client.volumes.createXml(
        pool,
        '<volume><name>v</name><capacity>3000000</capacity></volume>',
      );
      const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7) & 0xff));
      await client.volumes.upload(volume, [bytes]);
      const chunks: Buffer[] = [];
      for await (const chunk of client.volumes.download(volume)) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    } finally {
      client.close();
    }
  });

  it('say plainly that nobody listens', async () => {
    expect((await refusal({ uri: `test+tcp://127.0.0.1:${await freePort()}/default` })).message).toMatch(
      /ECONNREFUSED/,
    );
    expect((await refusal({ uri: 'test+unix:///default?socket=/none' })).message).toMatch(/ENOENT/);
  });
});
