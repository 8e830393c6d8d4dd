import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { loadConfig } from '../../src/config';
import type { Config } from '../../src/config';
import { startGateway } from '../../src/gateway/gateway';
import type { GatewayOptions } from '../../src/gateway/gateway';
import { createLogger } from '../../src/gateway/logging';
import { guardProvider } from '../../src/providers/contract';
import { createMemoryBackend } from '../../src/providers/memory';
import { FakeSimulator } from '../support/fake-simulator';

const providers = {
  fake: z.strictObject({ url: z.string(), secret: z.string(), zone: z.string().optional() }),
};

describe('a gateway with simulated backends', () => {
  let dir: string;
  let fake: FakeSimulator;
  let log: string;
  /** What the providers were made with, by their backends' names. */
  let made: Map<string, { readonly url: string }>;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hypergate-simulated-'));
    fake = new FakeSimulator();
    log = '';
    made = new Map();
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  /** Through the file, as an operator's configuration goes. */
  function configured(...backends: readonly object[]): Config {
    const value = {
      server: { port: 0, ide: false, drainMs: 0 },
      database: { type: 'sqlite', file: join(dir, 'gateway.db') },
      backends: backends.map((backend) => ({ kind: 'fake', location: 'INTERNAL', ...backend })),
    };
    writeFileSync(join(dir, 'hypergate.yaml'), JSON.stringify(value));
    return loadConfig({ providers, simulators: { fake }, env: {}, cwd: dir });
  }

  function optionsFor(config: Config): GatewayOptions {
    return {
      config,
      simulators: { fake },
      logger: createLogger({ level: 'debug', destination: { write: (line) => void (log += line) } }),
      makeProvider: (_kind, settings, { backendName, logger }, guard) => {
        made.set(backendName, settings as { url: string });
        const provider = createMemoryBackend({}).connect();
        const close = async (): Promise<void> => {
          fake.history.push(`provider of ${backendName} closed`);
          await provider.close();
        };
        return guardProvider(Object.assign(Object.create(provider), { close }), { logger, ...guard });
      },
    };
  }

  async function reachable(url: string): Promise<boolean> {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    const answered = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return answered;
  }

  it('starts them before their providers, and ends them after', async () => {
    const one = { name: 'one', zone: 'a', simulator: { vms: 1 } };
    const two = { name: 'two', simulator: { vms: 2 } };
    const real = { name: 'real', url: 'tcp://10.0.0.1:1', secret: 'own' };
    const gateway = await startGateway(optionsFor(configured(one, real, two)));
    const urls = ['one', 'two'].map((name) => made.get(name)?.url ?? '');
    try {
      expect(made.get('one')).toEqual({ zone: 'a', url: urls[0], secret: `secret of ${urls[0]}` });
      expect(made.get('real')).toEqual({ url: 'tcp://10.0.0.1:1', secret: 'own' });
      expect(new Set(urls.map((url) => new URL(url).hostname))).toEqual(new Set(['127.0.0.1']));
      expect(await Promise.all(urls.map(reachable))).toEqual([true, true]);
      expect(log).toContain(urls[0]);
      expect(log).not.toContain('secret of');
    } finally {
      await gateway.close();
    }
    expect(await Promise.all(urls.map(reachable))).toEqual([false, false]);
    const closings = fake.history.filter((event) => event.endsWith('closed'));
    expect(closings.slice(0, 3).every((event) => event.startsWith('provider'))).toBe(true);
    expect(closings.slice(3).sort()).toEqual(['simulator of 1 closed', 'simulator of 2 closed']);
  });

  it('leaves none of them running when one cannot start', async () => {
    const good = { name: 'good', simulator: { vms: 1 } };
    const bad = { name: 'bad', simulator: { failure: 'its state file is broken' } };
    await expect(startGateway(optionsFor(configured(bad, good)))).rejects.toThrow(
      'the simulator of the backend bad: its state file is broken',
    );
    expect(fake.history).toEqual(['simulator of 1 started', 'simulator of 1 closed']);
    expect(made.size).toBe(0);
  });

  it('leaves none of them running when the gateway cannot start for another reason', async () => {
    const config = configured({ name: 'good', simulator: { vms: 1 } });
    const makeProvider = (): never => {
      throw new Error('no provider today');
    };
    await expect(startGateway({ ...optionsFor(config), makeProvider })).rejects.toThrow('no provider today');
    expect(fake.history).toEqual(['simulator of 1 started', 'simulator of 1 closed']);
  });
});
