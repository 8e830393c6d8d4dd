import { AppError, silentLogger } from '../kernel';
import type { BackendProbe, HypervisorProvider, ProviderCall } from '../providers/contract';
import { BackendDirectory } from './backend-directory';
import type { BackendStore } from './backend.store';

const BACKEND = { name: 'lab', kind: 'memory', location: 'INTERNAL' } as const;
const PROBE: BackendProbe = {
  version: '1',
  capacity: { cpuCount: null, memoryMib: null, freeMemoryMib: null, storageGib: null, freeStorageGib: null },
};

/** A directory of one backend that is there or away as the test says. */
class Rig {
  away = false;
  probes = 0;
  readonly directory: BackendDirectory;

  constructor() {
    const recorded = { id: 'bck_1', ...BACKEND };
    const store = {
      database: { reader: null },
      record: () => Promise.resolve(recorded),
      all: () => Promise.resolve([recorded]),
    };
    this.directory = new BackendDirectory(store as unknown as BackendStore, silentLogger);
  }

  async open(): Promise<void> {
    const provider = { probe: () => this.probe(), close: () => Promise.resolve() };
    await this.directory.open([{ backend: BACKEND, provider: provider as unknown as HypervisorProvider }]);
    this.directory.startProbing();
    await this.settle();
  }

  async settle(): Promise<void> {
    await jest.advanceTimersByTimeAsync(0);
  }

  get status(): string {
    return this.directory.healthOf('bck_1').status;
  }

  async hear(code: ProviderCall['code']): Promise<void> {
    this.directory.heard('lab', { method: 'createVm', durationMs: 1, code });
    await this.settle();
  }

  private probe(): Promise<BackendProbe> {
    this.probes += 1;
    return this.away ? Promise.reject(new AppError('UNAVAILABLE', 'away')) : Promise.resolve(PROBE);
  }
}

describe('the directory of backends', () => {
  let rig: Rig;

  beforeEach(async () => {
    jest.useFakeTimers();
    rig = new Rig();
    await rig.open();
  });

  afterEach(async () => {
    await rig.directory.close();
    jest.useRealTimers();
  });

  it('learns from a failed call that a backend is away, and from a good one that it is back', async () => {
    expect(rig.status).toBe('ONLINE');
    rig.away = true;
    await rig.hear('UNAVAILABLE');
    expect(rig.status).toBe('OFFLINE');
    rig.away = false;
    await rig.hear('OK');
    expect(rig.status).toBe('ONLINE');
  });

  it('asks one that let a call wait too long', async () => {
    rig.away = true;
    await rig.hear('DEADLINE_EXCEEDED');
    expect(rig.status).toBe('OFFLINE');
  });

  it('asks nobody because of a call that says nothing new', async () => {
    await rig.hear('OK');
    await rig.hear('NOT_FOUND');
    await rig.hear('CIRCUIT_OPEN');
    expect(rig.probes).toBe(1);
    rig.away = true;
    await rig.hear('UNAVAILABLE');
    await rig.hear('UNAVAILABLE');
    expect(rig.probes).toBe(2);
  });

  it('asks one that is away more often', async () => {
    await jest.advanceTimersByTimeAsync(30_000);
    expect(rig.probes).toBe(2);
    rig.away = true;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(rig).toMatchObject({ probes: 3, status: 'OFFLINE' });
    rig.away = false;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(rig).toMatchObject({ probes: 4, status: 'ONLINE' });
  });

  it('does not call an unknown backend', async () => {
    rig.directory.heard('elsewhere', { method: 'createVm', durationMs: 1, code: 'UNAVAILABLE' });
    await rig.settle();
    expect(rig.probes).toBe(1);
  });
});
