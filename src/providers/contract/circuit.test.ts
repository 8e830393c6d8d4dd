import { AppError, silentLogger } from '../../kernel';
import type { ErrorCode } from '../../kernel';
import type { CircuitOptions } from './circuit';
import type { ProviderCall } from './guard-options';
import { guardProvider } from './guarded-provider';
import { unwatchedCall } from './operation';
import type { BackendProbe, HypervisorProvider } from './provider';
import { throttledError } from './throttling';
import type { BackendEvent } from './vm';

const REF = {
  externalId: 'vm-7',
  marker: { installationId: 'ins_1', tenantId: 'ten_1', objectId: 'vm_1', operationId: 'tsk_1' },
};
const AWAY = new AppError('UNAVAILABLE', 'The backend cannot be reached.');
const HELD_BACK = { code: 'UNAVAILABLE', retryable: true, details: { reason: 'CIRCUIT_OPEN' } };

type Answer = 'OK' | 'HANG' | AppError;

/** A guarded plugin that answers as the test says, and all that is told of it. */
class Rig {
  answer: Answer = 'OK';
  asked = 0;
  readonly calls: ProviderCall[] = [];
  readonly changes: boolean[] = [];
  readonly provider: HypervisorProvider;
  tell: (event: BackendEvent) => void = () => undefined;

  constructor(circuit?: CircuitOptions | null) {
    const plugin = {
      kind: 'fake',
      capabilities: { watch: 'PUSH', vm: {} },
      probe: () => this.respond({} as BackendProbe),
      getVm: () => this.respond(null),
      close: () => Promise.resolve(),
      watch: (listener: (event: BackendEvent) => void) => {
        this.tell = listener;
        return new Promise<void>(() => undefined);
      },
    };
    this.provider = guardProvider(plugin as unknown as HypervisorProvider, {
      timeoutsMs: { getVm: 1_000 },
      windDownMs: 0,
      onCall: (call) => void this.calls.push(call),
      onCircuit: (isOpen) => void this.changes.push(isOpen),
      ...(circuit === undefined ? {} : { circuit }),
    });
  }

  private respond<T>(value: T): Promise<T> {
    this.asked += 1;
    if (this.answer === 'HANG') return new Promise(() => undefined);
    return this.answer === 'OK' ? Promise.resolve(value) : Promise.reject(this.answer);
  }

  call(signal = new AbortController().signal): Promise<unknown> {
    return this.provider.getVm(REF, unwatchedCall(signal, silentLogger)).then(
      () => 'OK',
      (error: unknown) => error,
    );
  }

  probe(): Promise<unknown> {
    return this.provider.probe(unwatchedCall(new AbortController().signal, silentLogger)).then(
      () => 'OK',
      (error: unknown) => error,
    );
  }

  async failing(times: number, answer: Answer = AWAY): Promise<void> {
    this.answer = answer;
    for (let count = 0; count < times; count += 1) await this.call();
  }
}

describe('the circuit of a backend', () => {
  let rig: Rig;

  beforeEach(() => {
    jest.useFakeTimers();
    rig = new Rig();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('opens after five failures in a row: calls are refused without asking the backend', async () => {
    await rig.failing(5);
    expect(rig).toMatchObject({ asked: 5, changes: [true] });
    expect(await rig.call()).toMatchObject(HELD_BACK);
    expect(rig.asked).toBe(5);
    expect(rig.calls.map(({ code }) => code)).toEqual([
      ...Array<ErrorCode>(5).fill('UNAVAILABLE'),
      'CIRCUIT_OPEN',
    ]);
  });

  it('counts failures in a row only: any answer in between begins anew', async () => {
    await rig.failing(4);
    await rig.failing(1, 'OK');
    await rig.failing(4);
    expect(rig.changes).toEqual([]);
  });

  it('opens for a backend that lets calls wait for their time limit', async () => {
    rig.answer = 'HANG';
    for (let count = 0; count < 5; count += 1) {
      const call = rig.call();
      await jest.advanceTimersByTimeAsync(1_001);
      expect(await call).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    }
    expect(await rig.call()).toMatchObject(HELD_BACK);
  });

  it.each([
    ['a refusal', new AppError('FAILED_PRECONDITION', 'It is off.')],
    ['a guest that does not shut down', new AppError('DEADLINE_EXCEEDED', 'Silence.', { retryable: false })],
    ['a mistake of the plugin', new AppError('INTERNAL', 'Oops.')],
    ['a request for fewer requests', throttledError(1_000)],
  ])('stays closed over %s', async (_what, answer) => {
    await rig.failing(10, answer);
    expect(rig).toMatchObject({ asked: 10, changes: [] });
  });

  it('stays closed over calls that were cancelled', async () => {
    rig.answer = 'HANG';
    for (let count = 0; count < 10; count += 1) {
      const controller = new AbortController();
      const call = rig.call(controller.signal);
      controller.abort();
      await jest.advanceTimersByTimeAsync(1);
      expect(await call).toMatchObject({ code: 'CANCELLED' });
    }
    expect(rig.changes).toEqual([]);
  });

  it('lets one call through after a while, and its success closes it', async () => {
    await rig.failing(5);
    await jest.advanceTimersByTimeAsync(4_999);
    expect(await rig.call()).toMatchObject(HELD_BACK);
    await jest.advanceTimersByTimeAsync(1);
    rig.answer = 'OK';
    expect(await rig.call()).toBe('OK');
    expect(await rig.call()).toBe('OK');
    expect(rig.changes).toEqual([true, false]);
  });

  it('opens again when that call fails, and refuses others while it is under way', async () => {
    await rig.failing(5);
    await jest.advanceTimersByTimeAsync(5_000);
    rig.answer = 'HANG';
    const trial = rig.call();
    expect(await rig.call()).toMatchObject(HELD_BACK);
    await jest.advanceTimersByTimeAsync(1_001);
    expect(await trial).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(await rig.call()).toMatchObject(HELD_BACK);
    expect(rig).toMatchObject({ asked: 6, changes: [true] });
  });

  it('is closed by an error that only the backend can have given', async () => {
    await rig.failing(5);
    await jest.advanceTimersByTimeAsync(5_000);
    await rig.failing(1, new AppError('NOT_FOUND', 'Gone.'));
    expect(rig.changes).toEqual([true, false]);
  });

  it('is not closed by a trial that was cancelled', async () => {
    await rig.failing(5);
    await jest.advanceTimersByTimeAsync(5_000);
    rig.answer = 'HANG';
    const controller = new AbortController();
    const trial = rig.call(controller.signal);
    controller.abort();
    await jest.advanceTimersByTimeAsync(1);
    expect(await trial).toMatchObject({ code: 'CANCELLED' });
    expect(await rig.call()).toMatchObject(HELD_BACK);
  });

  it('never holds a probe back, and is closed by its success', async () => {
    await rig.failing(5);
    expect(await rig.probe()).toBe(AWAY);
    expect(rig.changes).toEqual([true]);
    rig.answer = 'OK';
    expect(await rig.probe()).toBe('OK');
    expect(rig.changes).toEqual([true, false]);
    await rig.failing(4);
    expect(rig.changes).toEqual([true, false]);
  });

  it('is closed by a probe while a trial is under way, whose failure then counts no more', async () => {
    await rig.failing(5);
    await jest.advanceTimersByTimeAsync(5_000);
    rig.answer = 'HANG';
    const trial = rig.call();
    rig.answer = 'OK';
    await rig.probe();
    expect(await rig.call()).toBe('OK');
    await jest.advanceTimersByTimeAsync(1_001);
    await trial;
    expect(await rig.call()).toBe('OK');
    expect(rig.changes).toEqual([true, false]);
  });

  it('is closed by an event, so that whoever hears RESYNC can list', async () => {
    void rig.provider.watch(() => undefined, new AbortController().signal);
    await rig.failing(5);
    rig.tell({ type: 'RESYNC' });
    rig.answer = 'OK';
    expect(await rig.call()).toBe('OK');
  });

  it('does not speak for a provider that is closed', async () => {
    await rig.failing(5);
    await rig.provider.close();
    const error = await rig.call();
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: 'The connection to the backend is closed.' });
  });

  it('can be set, and switched off', async () => {
    rig = new Rig({ threshold: 2, halfOpenAfterMs: 100 });
    await rig.failing(2);
    expect(await rig.call()).toMatchObject(HELD_BACK);
    await jest.advanceTimersByTimeAsync(100);
    await rig.call();
    expect(rig.asked).toBe(3);
    rig = new Rig(null);
    await rig.failing(20);
    expect(rig).toMatchObject({ asked: 20, changes: [] });
  });
});
