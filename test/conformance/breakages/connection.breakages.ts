import { AppError } from '../../../src/kernel';
import type { CallContext, Outcome, VmRef } from '../../../src/providers/contract';
import type { MemoryBackend } from '../../../src/providers/memory';
import { fail } from './broken-provider';
import type { Breakage } from './broken-provider';

/** A provider that does not look whose object it is. */
function blind(backend: MemoryBackend, ref: VmRef): VmRef {
  const marker = backend.vms().find((vm) => vm.externalId === ref.externalId)?.marker;
  return marker ? { externalId: ref.externalId, marker } : ref;
}

export const CONNECTION_BREAKAGES: readonly Breakage[] = [
  {
    name: 'ownership that nobody checks',
    overrides: (sound, backend) => ({
      startVm: (ref, context) => sound.startVm(blind(backend, ref), context),
      getVm: (ref, context) => sound.getVm(blind(backend, ref), context),
      readConsoleLog: (ref, maxBytes, context) =>
        sound.readConsoleLog(blind(backend, ref), maxBytes, context),
    }),
    caughtBy: [
      "no mutation touches a VM that carries another's marker",
      "reads do not tell of a VM that carries another's marker",
      "the console of a VM that carries another's marker is NOT_FOUND",
    ],
  },
  {
    name: 'an undeclared capability that works',
    overrides: (sound, backend) => ({
      capabilities: { ...sound.capabilities, vm: { ...sound.capabilities.vm, suspend: false } },
      suspendVm: (ref, context) => backend.connect().suspendVm(ref, context),
    }),
    caughtBy: ['the provider declares what its harness expects'],
  },
  {
    name: 'a listing that ends after the first page',
    config: { pageSize: 1 },
    overrides: (sound) => ({
      listVms: async (query, context) => ({ ...(await sound.listVms(query, context)), nextPageToken: null }),
    }),
    caughtBy: ['all pages together show each VM once'],
  },
  {
    name: 'a listing that never ends',
    overrides: (sound) => ({
      listVms: async (query, context) => ({
        ...(await sound.listVms({ ...query, pageToken: null }, context)),
        nextPageToken: 'more',
      }),
    }),
    caughtBy: ['all pages together show each VM once'],
  },
  {
    name: 'a listing of everybody',
    overrides: (_sound, backend) => ({
      listVms: async () => ({ items: backend.vms(), nextPageToken: null }),
    }),
    caughtBy: ["another installation's VMs are not shown"],
  },
  {
    name: 'times in seconds',
    overrides: (sound) => ({
      getVm: async (ref, context) => {
        const vm = await sound.getVm(ref, context);
        return vm && { ...vm, observedAt: vm.observedAt / 1000 };
      },
    }),
    caughtBy: ['observations are as fresh as they say'],
  },
  {
    name: 'a console that ignores the limit',
    overrides: (sound) => ({
      readConsoleLog: (ref, _maxBytes, context) => sound.readConsoleLog(ref, 1024 * 1024, context),
    }),
    caughtBy: ['what the guest writes can be read, the last of it alone when asked for less'],
  },
  {
    name: 'gone that is an error, and unknown work too',
    overrides: (sound) => ({
      getVm: async (ref, context) => (await sound.getVm(ref, context)) ?? fail('NOT_FOUND'),
      pollOperation: async () => fail('NOT_FOUND'),
    }),
    caughtBy: [
      'a stopped VM is gone from every read, and deleting it again succeeds',
      'an operation that the backend does not know is LOST',
    ],
  },
  {
    name: 'a percentage beyond 100',
    config: { asynchronous: true, operationMs: 20 },
    overrides: (sound) => ({
      pollOperation: async (operation, context) => {
        const progress = await sound.pollOperation(operation, context);
        return (progress.state === 'RUNNING' ? { ...progress, percent: 300 } : progress) as never;
      },
    }),
    caughtBy: ['accepted work is polled to its end by another connection'],
  },
  {
    name: 'operations that only one process knows',
    config: { asynchronous: true, operationMs: 20 },
    overrides: (sound) => {
      const mine = new Set<string>();
      return {
        createVm: async (spec, context) => remember(mine, await sound.createVm(spec, context)),
        pollOperation: async (operation, context) =>
          mine.has(operation.ref) ? sound.pollOperation(operation, context) : fail('INTERNAL'),
      };
    },
    caughtBy: ['accepted work is polled to its end by another connection'],
  },
  {
    name: 'native errors that come through',
    overrides: (sound) => ({
      probe: (context) => translated(sound.probe(context)),
      startVm: (ref, context) => translated(sound.startVm(ref, context)),
    }),
    caughtBy: [
      'while the backend cannot be reached every call is UNAVAILABLE, and may be repeated',
      'after the lost reply of a start or a stop the repetition reaches the target',
      'a call that was cancelled is CANCELLED and changes nothing',
    ],
  },
  {
    name: 'cancellation that is not looked at',
    overrides: (sound) => {
      const deaf = (context: CallContext) => ({ ...context, signal: new AbortController().signal });
      return {
        probe: (context) => sound.probe(deaf(context)),
        createVm: (spec, context) => sound.createVm(spec, deaf(context)),
      };
    },
    caughtBy: ['a call that was cancelled is CANCELLED and changes nothing'],
  },
  {
    name: 'closing that closes nothing',
    overrides: () => ({ close: async () => undefined }),
    caughtBy: ['after closing every call is UNAVAILABLE, closing repeats, and other connections live on'],
  },
];

function remember<T>(refs: Set<string>, outcome: Outcome<T>): Outcome<T> {
  if (outcome.state === 'ACCEPTED') refs.add(outcome.operation.ref);
  return outcome;
}

async function translated<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    throw new AppError('INTERNAL', 'broken on purpose', { cause: error });
  });
}
