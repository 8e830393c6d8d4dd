import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIBVIRT_ERROR, LibvirtClient, POOL_STATE } from '../../../src/providers/libvirt/client';
import type { PoolRef } from '../../../src/providers/libvirt/client';
import { codeOf } from '../../support/libvirt/code-of';
import { until } from '../../support/until';
import { PrivateLibvirtd } from '../support/libvirtd';

jest.setTimeout(60_000);

const MIB = 1_048_576;

let daemon: PrivateLibvirtd;
let client: LibvirtClient;

beforeAll(async () => {
  daemon = await PrivateLibvirtd.start();
  client = new LibvirtClient({ uri: daemon.uri() });
});

afterAll(async () => {
  client.close();
  await daemon.stop();
});

async function directoryPool(name: string): Promise<PoolRef> {
  const path = join(daemon.directory, name);
  const xml = `<pool type='dir'><name>${name}</name><target><path>${path}</path></target></pool>`;
  const pool = await client.pools.defineXml(xml);
  await client.pools.build(pool);
  await client.pools.create(pool);
  return pool;
}

const rawVolume = (name: string, bytes: number): string =>
  `<volume><name>${name}</name><capacity>${bytes}</capacity><target><format type='raw'/></target></volume>`;

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

describe('storage', () => {
  let pool: PoolRef;

  beforeAll(async () => {
    pool = await directoryPool('pool');
  });

  it('tells of pools', async () => {
    expect(await client.pools.lookupByName('pool')).toEqual(pool);
    expect(await client.pools.listAll()).toEqual([pool]);
    expect(await client.pools.isActive(pool)).toBe(true);
    const info = await client.pools.getInfo(pool);
    expect(info.state).toBe(POOL_STATE.RUNNING);
    expect(info.capacityBytes).toBeGreaterThanOrEqual(info.availableBytes);
    await client.pools.setAutostart(pool, true);
    expect(await client.pools.getXmlDesc(pool)).toContain("<pool type='dir'>");
    const other = await directoryPool('other');
    await client.pools.destroy(other);
    expect(await client.pools.isActive(other)).toBe(false);
    await client.pools.undefine(other);
    expect(await client.pools.listAll()).toEqual([pool]);
  });

  it('makes, copies, grows and deletes volumes', async () => {
    const volume = await client.volumes.createXml(pool, rawVolume('one', MIB));
    expect(await codeOf(client.volumes.createXml(pool, rawVolume('one', MIB)))).toBe(
      LIBVIRT_ERROR.STORAGE_VOL_EXIST,
    );
    const path = await client.volumes.getPath(volume);
    expect(await client.volumes.lookupByName(pool, 'one')).toEqual(volume);
    expect(await client.volumes.lookupByPath(path)).toEqual(volume);
    expect(await client.volumes.lookupByKey(volume.key)).toEqual(volume);
    await client.volumes.upload(volume, [Buffer.from('marked')]);
    const copy = await client.volumes.createXmlFrom(pool, rawVolume('two', MIB), volume);
    expect((await readFile(await client.volumes.getPath(copy))).subarray(0, 6).toString()).toBe('marked');
    await client.volumes.resize(copy, 3 * MIB);
    expect(await client.volumes.getInfo(copy)).toMatchObject({ type: 0, capacityBytes: 3 * MIB });
    expect(await client.volumes.getXmlDesc(copy)).toContain("<capacity unit='bytes'>3145728</capacity>");
    await writeFile(join(daemon.directory, 'pool', 'stranger'), 'x');
    await client.pools.refresh(pool);
    expect((await client.volumes.listAll(pool)).map(({ name }) => name).sort()).toEqual([
      'one',
      'stranger',
      'two',
    ]);
    for (const each of await client.volumes.listAll(pool)) await client.volumes.delete(each);
    expect(await client.volumes.listAll(pool)).toEqual([]);
  });

  it('carries bytes there and back unchanged, whatever the sizes of the pieces', async () => {
    const bytes = randomBytes(9 * MIB + 12_345);
    const volume = await client.volumes.createXml(pool, rawVolume('bytes', bytes.length));
    expect(await client.volumes.upload(volume, pieces(bytes, 700_001))).toBe(bytes.length);
    const digest = createHash('sha256');
    for await (const chunk of client.volumes.download(volume)) digest.update(chunk);
    expect(digest.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    const part: Buffer[] = [];
    for await (const chunk of client.volumes.download(volume, { offset: 4_000, length: 5_000 }))
      part.push(chunk);
    expect(Buffer.concat(part).equals(bytes.subarray(4_000, 9_000))).toBe(true);
    await client.volumes.delete(volume);
  });

  it('holds the daemon back while the consumer is slow, and stops when it leaves', async () => {
    const volume = await client.volumes.createXml(pool, rawVolume('slow', 200 * MIB));
    let received = 0;
    const before = process.memoryUsage().rss;
    for await (const chunk of client.volumes.download(volume)) {
      received += chunk.length;
      if (received < 8 * MIB) await new Promise((resolve) => setTimeout(resolve, 10));
      if (received > 20 * MIB) break;
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
    // The daemon has let go of the volume and goes on serving.
    await until(
      () =>
        client.volumes.delete(volume).then(
          () => true,
          () => false,
        ),
      (deleted) => deleted,
      5_000,
    );
  });

  it('fails when the disk is full midway, and leaves the client usable', async () => {
    const path = join(daemon.directory, 'full');
    await daemon.inside('mkdir', path);
    await daemon.inside('mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path);
    const full = await directoryPool('full');
    const sparse = rawVolume('sparse', 64 * MIB).replace('<target>', '<allocation>0</allocation><target>');
    const volume = await client.volumes.createXml(full, sparse);
    let produced = 0;
    function* endless(): Generator<Buffer> {
      for (; produced < 64; produced += 1) yield Buffer.alloc(MIB, 1);
    }
    expect(await codeOf(client.volumes.upload(volume, endless()))).toBe(LIBVIRT_ERROR.SYSTEM_ERROR);
    expect(produced).toBeLessThan(64);
    await client.volumes.delete(volume);
    await client.pools.destroy(full);
    await client.pools.undefine(full);
  });

  it('refuses more than the length that was announced', async () => {
    const volume = await client.volumes.createXml(pool, rawVolume('small', MIB));
    const more = client.volumes.upload(volume, pieces(Buffer.alloc(8 * MIB), 100_000), { length: 2 * MIB });
    expect(await codeOf(more)).toBe(LIBVIRT_ERROR.SYSTEM_ERROR);
    await client.volumes.delete(volume);
  });

  it('aborts an upload by signal, with its reason', async () => {
    const volume = await client.volumes.createXml(pool, rawVolume('aborted', 64 * MIB));
    const abort = new AbortController();
    const reason = new Error('enough');
    async function* endless(): AsyncGenerator<Buffer> {
      for (let index = 0; ; index += 1) {
        if (index === 3) abort.abort(reason);
        yield Buffer.alloc(MIB);
      }
    }
    await expect(client.volumes.upload(volume, endless(), { signal: abort.signal })).rejects.toBe(reason);
    await client.volumes.delete(volume);
  });
});
