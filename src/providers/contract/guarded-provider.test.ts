import { AppError, silentLogger } from '../../kernel';
import { guardProvider } from './guarded-provider';
import type { ProviderCall } from './guard-options';
import type { Capabilities } from './capabilities';
import { PROVIDER_METHODS } from './call-timeouts';
import { done } from './operation';
import type { CallContext } from './operation';
import type { HypervisorProvider } from './provider';
import type { VmSpec } from './vm';

const marker = { installationId: 'ins_1', tenantId: 'ten_1', objectId: 'vm_1', operationId: 'tsk_1' };
const ref = { externalId: 'vm-7', marker };
const spec: VmSpec = {
  marker,
  name: 'web',
  hostname: 'web',
  cpuCount: 1,
  memoryMib: 128,
  diskGib: 1,
  imageExternalId: 'img',
  networks: [{ externalId: 'net-1' }],
  userData: null,
  sshKeys: [],
  labels: {},
};
const everything: Capabilities = {
  vm: {
    gracefulStop: true,
    sizes: 'ANY',
    reboot: true,
    suspend: true,
    resize: { cpu: 'ANY_STATE', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
    guestCustomization: true,
    consoleLog: true,
  },
  network: { modes: ['ISOLATED', 'NAT', 'BRIDGED', 'ROUTED'], overlappingCidrs: true, maxPerVm: null },
  watch: 'PUSH',
  listingLagMs: 0,
};
const nothing: Capabilities = {
  vm: {
    gracefulStop: false,
    sizes: 'ANY',
    reboot: false,
    suspend: false,
    resize: { cpu: 'NEVER', memory: 'NEVER', disk: 'NEVER' },
    guestCustomization: false,
    consoleLog: false,
  },
  network: { modes: [], overlappingCidrs: false, maxPerVm: null },
  watch: 'NONE',
  listingLagMs: 0,
};

function contextFor(
  signal: AbortSignal = new AbortController().signal,
  percents: number[] = [],
): CallContext {
  return { signal, logger: silentLogger, reportProgress: (percent) => void percents.push(percent) };
}

/** A plugin that records what it was asked, and answers `null` to everything that is not scripted. */
function plugin(script: Partial<HypervisorProvider> = {}, capabilities = everything) {
  const asked: string[] = [];
  const methods = PROVIDER_METHODS.map((method) => [
    method,
    (...args: never[]) => {
      asked.push(method);
      const scripted = script[method] as ((...args: never[]) => unknown) | undefined;
      return scripted ? scripted(...args) : Promise.resolve(null);
    },
  ]);
  const provider = { kind: 'fake', capabilities, ...Object.fromEntries(methods) } as HypervisorProvider;
  return { provider, asked };
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw error;
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('arguments', () => {
  const guarded = guardProvider(plugin().provider);
  const context = contextFor();
  const refused: [string, () => Promise<unknown>][] = [
    ['spec.name', () => guarded.createVm({ ...spec, name: '' }, context)],
    ['spec.name', () => guarded.createVm({ ...spec, name: 'a\r\nb' }, context)],
    ['spec.name', () => guarded.createVm({ ...spec, name: 'x'.repeat(64) }, context)],
    ['spec.name', () => guarded.createVm({ ...spec, name: '\ud800' }, context)],
    ['spec.hostname', () => guarded.createVm({ ...spec, hostname: 'Web_1' }, context)],
    ['spec.cpuCount', () => guarded.createVm({ ...spec, cpuCount: 0 }, context)],
    ['spec.memoryMib', () => guarded.createVm({ ...spec, memoryMib: 1.5 }, context)],
    ['spec.diskGib', () => guarded.createVm({ ...spec, diskGib: Number.NaN }, context)],
    ['spec.imageExternalId', () => guarded.createVm({ ...spec, imageExternalId: '' }, context)],
    [
      'spec.networks.0.externalId',
      () => guarded.createVm({ ...spec, networks: [{ externalId: '' }] }, context),
    ],
    ['spec.sshKeys.1', () => guarded.createVm({ ...spec, sshKeys: ['ok', 'two\nlines'] }, context)],
    [
      'spec.marker.tenantId',
      () => guarded.createVm({ ...spec, marker: { ...marker, tenantId: '' } }, context),
    ],
    ['marker.objectId', () => guarded.locateVm({ ...marker, objectId: 'a b' }, context)],
    ['ref.externalId', () => guarded.startVm({ externalId: '', marker }, context)],
    ['size', () => guarded.resizeVm(ref, {}, context)],
    ['size.cpuCount', () => guarded.resizeVm(ref, { cpuCount: -1 }, context)],
    ['maxBytes', () => guarded.readConsoleLog(ref, 0, context)],
    ['imageRef', () => guarded.resolveImage('', context)],
    ['query.installationId', () => guarded.listVms({ installationId: '', pageToken: null }, context)],
    ['query.pageToken', () => guarded.listVms({ installationId: 'i', pageToken: '' }, context)],
    ['operation.ref', () => guarded.pollOperation({ type: 't', ref: '' }, context)],
    ...['10.0.0.1/24', '10.0.0.0/33', '10.0.0.0/30', '010.0.0.0/24', '10.0.0/24', 'fd00::/64', ''].map(
      (cidr): [string, () => Promise<unknown>] => [
        'spec.cidr',
        () => guarded.createNetwork({ marker, name: 'n', mode: 'NAT', cidr }, context),
      ],
    ),
  ];

  test.each(refused)('a bad %s is refused by name (%#)', async (field, call) => {
    const error = await failure(call());
    expect([error.code, error.details]).toEqual(['INVALID_ARGUMENT', { field }]);
  });

  test('a refused call never reaches the plugin, a good one does with the same values', async () => {
    const createVm = jest.fn(() => Promise.resolve(done(null as never)));
    const { provider, asked } = plugin({ createVm });
    await failure(guardProvider(provider).createVm({ ...spec, cpuCount: 0 }, context));
    expect(asked).toEqual([]);
    await guardProvider(provider).createVm(spec, context);
    expect(createVm).toHaveBeenCalledWith(spec, expect.anything());
  });

  test('a deletion may leave the external id empty', async () => {
    const { provider, asked } = plugin();
    await guardProvider(provider).deleteVm({ externalId: '', marker }, context);
    await guardProvider(provider).deleteNetwork({ externalId: '', marker }, context);
    expect(asked).toEqual(['deleteVm', 'deleteNetwork']);
  });
});

describe('capabilities', () => {
  const context = contextFor();
  const calls: [string, (guarded: HypervisorProvider) => Promise<unknown>][] = [
    ['vm.gracefulStop', (guarded) => guarded.stopVm(ref, 'GRACEFUL', context)],
    ['vm.reboot', (guarded) => guarded.rebootVm(ref, 'FORCED', context)],
    ['vm.suspend', (guarded) => guarded.suspendVm(ref, context)],
    ['vm.suspend', (guarded) => guarded.resumeVm(ref, context)],
    ['vm.resize.cpu', (guarded) => guarded.resizeVm(ref, { cpuCount: 2 }, context)],
    ['vm.resize.memory', (guarded) => guarded.resizeVm(ref, { memoryMib: 2 }, context)],
    ['vm.resize.disk', (guarded) => guarded.resizeVm(ref, { diskGib: 2 }, context)],
    ['vm.guestCustomization', (guarded) => guarded.createVm({ ...spec, userData: '#cloud-config' }, context)],
    [
      'vm.guestCustomization',
      (guarded) => guarded.createVm({ ...spec, sshKeys: ['ssh-ed25519 A'] }, context),
    ],
    ['vm.consoleLog', (guarded) => guarded.readConsoleLog(ref, 10, context)],
    [
      'network.modes.NAT',
      (guarded) => guarded.createNetwork({ marker, name: 'n', mode: 'NAT', cidr: '10.0.0.0/24' }, context),
    ],
    ['watch', (guarded) => guarded.watch(() => undefined, context.signal)],
  ];

  test.each(calls)(
    '%s is UNSUPPORTED when undeclared, and passed on when declared (%#)',
    async (capability, call) => {
      const without = plugin({}, nothing);
      const error = await failure(call(guardProvider(without.provider)));
      expect([error.code, error.details]).toEqual(['UNSUPPORTED', { capability }]);
      expect(without.asked).toEqual([]);

      const withAll = plugin({ createVm: () => Promise.resolve(done(null as never)) });
      await call(guardProvider(withAll.provider));
      expect(withAll.asked).toHaveLength(1);
    },
  );

  test('what is mandatory is passed on even where nothing is declared', async () => {
    const { provider, asked } = plugin({}, nothing);
    const guarded = guardProvider(provider);
    await guarded.stopVm(ref, 'FORCED', context);
    await guarded.createVm(spec, context);
    await guarded.deleteNetwork(ref, context);
    expect(asked).toEqual(['stopVm', 'createVm', 'deleteNetwork']);
  });
});

describe('errors and time', () => {
  test('an AppError passes unchanged; anything else becomes INTERNAL with its cause', async () => {
    const exhausted = new AppError('RESOURCE_EXHAUSTED', 'full');
    const native = new TypeError('x is undefined');
    const guarded = guardProvider(
      plugin({ getVm: () => Promise.reject(exhausted), probe: () => Promise.reject(native) }).provider,
    );
    expect(await failure(guarded.getVm(ref, contextFor()))).toBe(exhausted);
    const internal = await failure(guarded.probe(contextFor()));
    expect([internal.code, internal.cause]).toEqual(['INTERNAL', native]);
    expect(internal.message).not.toContain('undefined');
  });

  test('an unexpected error is logged with its cause, an expected one is not', async () => {
    const error = jest.fn();
    const native = new TypeError('x is undefined');
    const unavailable = new AppError('UNAVAILABLE', 'down');
    const guarded = guardProvider(
      plugin({ getVm: () => Promise.reject(unavailable), probe: () => Promise.reject(native) }).provider,
      { logger: { ...silentLogger, error } },
    );
    await failure(guarded.getVm(ref, contextFor()));
    expect(error).not.toHaveBeenCalled();
    await failure(guarded.probe(contextFor()));
    const logged = { method: 'probe', err: expect.objectContaining({ cause: native }) };
    expect(error).toHaveBeenCalledWith(logged, expect.any(String));
  });

  test('a plugin that throws instead of rejecting is answered for all the same', async () => {
    const guarded = guardProvider(
      plugin({
        probe: () => {
          throw new Error('at once');
        },
      }).provider,
    );
    expect((await failure(guarded.probe(contextFor()))).code).toBe('INTERNAL');
  });

  test('a failed operation carries an AppError whatever the plugin put there', async () => {
    const pollOperation = () => Promise.resolve({ state: 'FAILED', error: new Error('raw') } as never);
    const progress = await guardProvider(plugin({ pollOperation }).provider).pollOperation(
      { type: 't', ref: 'r' },
      contextFor(),
    );
    expect(progress).toMatchObject({ state: 'FAILED', error: { code: 'INTERNAL' } });
  });

  test('a plugin that never answers is given up: its signal is aborted and the caller told', async () => {
    let passed: AbortSignal | undefined;
    const probe = (context: CallContext) => {
      passed = context.signal;
      return never();
    };
    const guarded = guardProvider(plugin({ probe }).provider, { timeoutsMs: { probe: 5 }, windDownMs: 5 });
    expect((await failure(guarded.probe(contextFor()))).code).toBe('DEADLINE_EXCEEDED');
    expect(passed?.aborted).toBe(true);
  });

  test('an abort reaches the plugin, and the answer waits until the plugin has stopped', async () => {
    const stopped: string[] = [];
    const probe = (context: CallContext) =>
      new Promise<never>((_resolve, reject) => {
        context.signal.addEventListener('abort', () => {
          setTimeout(() => {
            stopped.push('plugin');
            reject(new Error('aborted'));
          }, 5);
        });
      });
    const controller = new AbortController();
    const call = failure(
      guardProvider(plugin({ probe }).provider, { windDownMs: 60_000 }).probe(contextFor(controller.signal)),
    );
    controller.abort();
    expect((await call).code).toBe('CANCELLED');
    expect(stopped).toEqual(['plugin']);
  });

  test('a call that is aborted already never reaches the plugin', async () => {
    const { provider, asked } = plugin();
    const call = guardProvider(provider).probe(contextFor(AbortSignal.abort()));
    expect((await failure(call)).code).toBe('CANCELLED');
    expect(asked).toEqual([]);
  });

  test('progress is kept within 0 to 100 and ends with the call', async () => {
    const percents: number[] = [];
    let report: CallContext['reportProgress'] = () => undefined;
    const probe = (context: CallContext) => {
      report = (percent, message) => {
        context.reportProgress(percent, message);
      };
      [-5, 40, 400, Number.NaN].forEach((percent) => {
        report(percent, '');
      });
      return Promise.resolve(null as never);
    };
    await guardProvider(plugin({ probe }).provider).probe(contextFor(undefined, percents));
    report(50, 'too late');
    expect(percents).toEqual([0, 40, 100, 0]);
  });
});

describe('closing', () => {
  test('every call answers UNAVAILABLE afterwards, also one under way, and closing repeats safely', async () => {
    const { provider, asked } = plugin({ probe: never, close: () => Promise.resolve() });
    const guarded = guardProvider(provider, { windDownMs: 5 });
    const underWay = failure(guarded.probe(contextFor()));
    await guarded.close();
    await guarded.close();
    expect(asked).toEqual(['probe', 'close']);
    expect((await underWay).code).toBe('UNAVAILABLE');
    expect((await failure(guarded.getVm(ref, contextFor()))).code).toBe('UNAVAILABLE');
    expect((await failure(guarded.watch(() => undefined, contextFor().signal))).code).toBe('UNAVAILABLE');
  });

  test('ends a watch, and a plugin that does not close is given up', async () => {
    const watch: HypervisorProvider['watch'] = (_listener, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    const guarded = guardProvider(plugin({ watch, close: never }).provider, { timeoutsMs: { close: 5 } });
    const watching = guarded.watch(() => undefined, new AbortController().signal);
    expect((await failure(guarded.close())).code).toBe('DEADLINE_EXCEEDED');
    await expect(watching).resolves.toBeUndefined();
  });
});

describe('watching and measuring', () => {
  test('a listener that throws does not end the feed', async () => {
    const watch: HypervisorProvider['watch'] = (listener) => {
      listener({ type: 'RESYNC' });
      listener({ type: 'VM_GONE', externalId: 'x' });
      return Promise.resolve();
    };
    const heard: string[] = [];
    await guardProvider(plugin({ watch }).provider).watch((event) => {
      heard.push(event.type);
      throw new Error('listener');
    }, new AbortController().signal);
    expect(heard).toEqual(['RESYNC', 'VM_GONE']);
  });

  test('the refusal of our credentials is no refusal of the caller’s', async () => {
    const calls: ProviderCall[] = [];
    for (const code of ['UNAUTHENTICATED', 'PERMISSION_DENIED'] as const) {
      const refused = new AppError(code, 'The backend refused the credentials.');
      const guarded = guardProvider(plugin({ probe: () => Promise.reject(refused) }).provider, {
        onCall: (call) => void calls.push(call),
      });
      const error = await failure(guarded.probe(contextFor()));
      expect(error).toMatchObject({
        code: 'FAILED_PRECONDITION',
        message: 'The backend refused the credentials.',
        details: { reason: 'BACKEND_REFUSES_GATEWAY' },
        cause: refused,
      });
    }
    expect(calls.map(({ code }) => code)).toEqual(['UNAUTHENTICATED', 'PERMISSION_DENIED']);
  });

  test('every call is reported with its method and code', async () => {
    const calls: ProviderCall[] = [];
    const guarded = guardProvider(plugin({ probe: () => Promise.reject(new Error('x')) }).provider, {
      onCall: (call) => void calls.push(call),
    });
    await guarded.getVm(ref, contextFor());
    await failure(guarded.probe(contextFor()));
    await failure(guarded.startVm({ externalId: '', marker }, contextFor()));
    expect(calls.map(({ method, code }) => [method, code])).toEqual([
      ['getVm', 'OK'],
      ['probe', 'INTERNAL'],
      ['startVm', 'INVALID_ARGUMENT'],
    ]);
    expect(calls.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });
});
