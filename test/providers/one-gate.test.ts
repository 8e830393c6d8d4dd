import { silentLogger } from '../../src/kernel';
import { RequestGate, throttledError, unwatchedCall } from '../../src/providers/contract';
import type { HypervisorProvider } from '../../src/providers/contract';
import { PROVIDER_KINDS, createProvider } from '../../src/providers/registry';
import type { ProviderKind } from '../../src/providers/registry';
import { SIMULATORS } from '../../src/simulators/registry';
import type { RunningSimulator } from '../../src/simulators/simulator';
import { FakeRpcServer } from '../support/libvirt/fake-rpc-server';

const context = unwatchedCall(new AbortController().signal, silentLogger);
const running: RunningSimulator[] = [];
let libvirt: FakeRpcServer;

beforeAll(async () => {
  libvirt = await FakeRpcServer.start();
});

afterAll(async () => {
  for (const simulator of running) await simulator.close();
  await libvirt.stop();
});

/** How a backend of this kind is reached. */
async function settingsOf(kind: ProviderKind): Promise<object> {
  const factory = SIMULATORS[kind];
  if (!factory) return kind === 'libvirt' ? { uri: libvirt.uri } : {};
  const environment = { host: '127.0.0.1', port: 0, logger: silentLogger };
  const simulator = await factory.start(factory.optionsSchema.parse({}), environment);
  running.push(simulator);
  return simulator.connection;
}

/** One that asks whether it may before each request, and what it is told. */
async function probeThrough(requests: RequestGate, kind: ProviderKind): Promise<unknown> {
  const environment = { backendName: 'limited', logger: silentLogger, requests };
  const provider: HypervisorProvider = createProvider(kind, await settingsOf(kind), environment);
  try {
    return await provider.probe(context).then(
      () => 'ANSWERED',
      (error: unknown) => error,
    );
  } finally {
    await provider.close();
  }
}

describe('the gate of a backend', () => {
  it.each(PROVIDER_KINDS)('keeps every request of %s', async (kind) => {
    const requests = new RequestGate({ rateLimit: { perSecond: 1_000 }, patienceMs: 1 });
    requests.refused(throttledError(3_600_000));
    expect(await probeThrough(requests, kind)).toMatchObject({
      code: 'UNAVAILABLE',
      details: { reason: 'THROTTLED' },
    });
  });

  // The libvirt of the test speaks no further than its handshake.
  it.each(PROVIDER_KINDS.filter((kind) => kind !== 'libvirt'))('lets those of %s pass', async (kind) => {
    expect(await probeThrough(new RequestGate({ rateLimit: { perSecond: 1_000 } }), kind)).toBe('ANSWERED');
  });
});
