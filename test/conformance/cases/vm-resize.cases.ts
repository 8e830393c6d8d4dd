import type { Capabilities, VmObservation, VmSize } from '../../../src/providers/contract';
import { cases } from '../conformance-case';
import type { ConformanceCase } from '../conformance-case';
import { expectCode } from '../error-codes';
import type { Session } from '../session';

/** How each dimension is named in the manifest and in a size, and how to grow it by the least step worth testing. */
const DIMENSIONS = [
  { part: 'cpu', field: 'cpuCount', grow: (value: number) => value + 1 },
  { part: 'memory', field: 'memoryMib', grow: (value: number) => value + 128 },
  { part: 'disk', field: 'diskGib', grow: (value: number) => value + 1 },
] as const;
type Dimension = (typeof DIMENSIONS)[number];

function sizesOf({ cpuCount, memoryMib, diskGib }: VmObservation) {
  return { cpuCount, memoryMib, diskGib };
}

function resize(session: Session, ref: Parameters<Session['provider']['resizeVm']>[0], size: VmSize) {
  return session.settle(() => session.provider.resizeVm(ref, size, session.context));
}

const supportOf = (dimension: Dimension, { vm }: Capabilities) => vm.resize[dimension.part];

function growsStopped(dimension: Dimension): Omit<ConformanceCase, 'capability'> {
  const { part, field, grow } = dimension;
  return {
    name: `${part}: a stopped VM grows, and the repetition changes nothing`,
    when: (capabilities) => supportOf(dimension, capabilities) !== 'NEVER',
    run: async (session) => {
      const { ref, vm } = await session.stoppedVm();
      const wanted = grow(vm[field]);
      const grown = await resize(session, ref, { [field]: wanted });
      expect(grown[field]).toBeGreaterThanOrEqual(wanted);
      expect(sizesOf(await resize(session, ref, { [field]: wanted }))).toEqual(sizesOf(grown));
      await session.settle(() => session.provider.startVm(ref, session.context));
      const seen = await session.provider.getVm(ref, session.context);
      expect(seen?.[field]).toBe(grown[field]);
    },
  };
}

function growsRunning(dimension: Dimension): Omit<ConformanceCase, 'capability'> {
  const { part, field, grow } = dimension;
  return {
    name: `${part}: a running VM grows and runs on`,
    when: (capabilities) => supportOf(dimension, capabilities) === 'ANY_STATE',
    run: async (session) => {
      const { ref, vm } = await session.runningVm();
      const wanted = grow(vm[field]);
      const grown = await resize(session, ref, { [field]: wanted });
      expect(grown[field]).toBeGreaterThanOrEqual(wanted);
      expect(grown.powerState).toBe('POWERED_ON');
    },
  };
}

function needsStop(dimension: Dimension): Omit<ConformanceCase, 'capability'> {
  const { part, field, grow } = dimension;
  return {
    name: `${part}: a running VM has to be stopped first, and nothing is changed`,
    when: (capabilities) => supportOf(dimension, capabilities) === 'WHEN_STOPPED',
    run: async (session) => {
      const { ref, vm } = await session.runningVm();
      await expectCode(resize(session, ref, { [field]: grow(vm[field]) }), 'FAILED_PRECONDITION');
      const seen = await session.provider.getVm(ref, session.context);
      expect(seen).toMatchObject({ ...sizesOf(vm), powerState: 'POWERED_ON' });
    },
  };
}

function unsupported(dimension: Dimension): Omit<ConformanceCase, 'capability'> {
  const { part, field, grow } = dimension;
  return {
    name: `${part}: undeclared, it is UNSUPPORTED and nothing is changed`,
    when: (capabilities) => supportOf(dimension, capabilities) === 'NEVER',
    run: async (session) => {
      const { ref, vm } = await session.stoppedVm();
      const call = session.provider.resizeVm(ref, { [field]: grow(vm[field]) }, session.context);
      await expectCode(call, 'UNSUPPORTED');
      expect(await session.provider.getVm(ref, session.context)).toMatchObject(sizesOf(vm));
    },
  };
}

export const vmResizeCases = cases('vm-resize', [
  ...DIMENSIONS.flatMap((dimension) => [
    growsStopped(dimension),
    growsRunning(dimension),
    needsStop(dimension),
    unsupported(dimension),
  ]),
  {
    name: 'only what is named is changed',
    when: ({ vm }) => vm.resize.memory !== 'NEVER' && vm.sizes === 'ANY',
    run: async (session) => {
      const { ref, vm } = await session.stoppedVm();
      const grown = await resize(session, ref, { memoryMib: vm.memoryMib + 128 });
      expect(grown).toMatchObject({ diskGib: vm.diskGib, name: vm.name, powerState: 'POWERED_OFF' });
      expect(grown.nics.map((nic) => nic.macAddress)).toEqual(vm.nics.map((nic) => nic.macAddress));
    },
  },
  {
    name: 'what is not named does not get smaller, and the VM stays what it is',
    when: ({ vm }) => vm.resize.memory !== 'NEVER' && vm.sizes === 'CATALOG',
    run: async (session) => {
      const { ref, vm } = await session.stoppedVm();
      const grown = await resize(session, ref, { memoryMib: vm.memoryMib + 128 });
      expect(grown.cpuCount).toBeGreaterThanOrEqual(vm.cpuCount);
      expect(grown.diskGib).toBeGreaterThanOrEqual(vm.diskGib);
      expect(grown).toMatchObject({ name: vm.name, powerState: 'POWERED_OFF' });
      expect(grown.nics.map((nic) => nic.macAddress)).toEqual(vm.nics.map((nic) => nic.macAddress));
    },
  },
  {
    name: 'a size that the catalog does not have is refused before the VM has to be stopped',
    when: ({ vm }) => vm.resize.cpu !== 'NEVER' && vm.sizes === 'CATALOG',
    run: async (session) => {
      const { ref } = await session.runningVm();
      await expectCode(resize(session, ref, { cpuCount: 100_000 }), 'INVALID_ARGUMENT', 'RESOURCE_EXHAUSTED');
    },
  },
  {
    name: 'a disk does not shrink',
    when: ({ vm }) => vm.resize.disk !== 'NEVER',
    run: async (session) => {
      const { ref, vm } = await session.stoppedVm();
      const grown = await resize(session, ref, { diskGib: vm.diskGib + 2 });
      await expectCode(resize(session, ref, { diskGib: vm.diskGib + 1 }), 'INVALID_ARGUMENT');
      expect((await session.provider.getVm(ref, session.context))?.diskGib).toBe(grown.diskGib);
    },
  },
  {
    name: 'where one part is refused, none is applied',
    when: ({ vm }) => vm.resize.disk !== 'NEVER' && vm.resize.cpu !== 'NEVER',
    run: async (session) => {
      const { ref, vm } = await session.stoppedVm();
      const grown = await resize(session, ref, { diskGib: vm.diskGib + 2 });
      const mixed = { cpuCount: vm.cpuCount + 1, diskGib: vm.diskGib + 1 };
      await expectCode(resize(session, ref, mixed), 'INVALID_ARGUMENT');
      expect(await session.provider.getVm(ref, session.context)).toMatchObject(sizesOf(grown));
    },
  },
]);
