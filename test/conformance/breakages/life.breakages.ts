import { done } from '../../../src/providers/contract';
import type { VmObservation } from '../../../src/providers/contract';
import { fail } from './broken-provider';
import type { Breakage } from './broken-provider';

const isOn = (vm: VmObservation | null): boolean => vm?.powerState === 'POWERED_ON';

export const LIFE_BREAKAGES: readonly Breakage[] = [
  {
    name: 'a start that complains about a running VM',
    overrides: (sound) => ({
      startVm: async (ref, context) =>
        isOn(await sound.getVm(ref, context)) ? fail('FAILED_PRECONDITION') : sound.startVm(ref, context),
    }),
    caughtBy: [
      'starting makes it run, and starting it again changes nothing',
      'two starts at once make it run',
    ],
  },
  {
    name: 'a start that answers ahead of the truth',
    overrides: () => ({
      startVm: async () => done({ powerState: 'POWERED_ON' } as VmObservation),
    }),
    caughtBy: [
      'starting makes it run, and starting it again changes nothing',
      'starting and stopping what is gone is NOT_FOUND',
    ],
  },
  {
    name: 'a graceful stop that pulls the plug',
    overrides: (sound, backend) => ({
      stopVm: async (ref, mode, context) => {
        if (mode === 'GRACEFUL') backend.powerOff(ref.externalId);
        return sound.stopVm(ref, mode, context);
      },
    }),
    caughtBy: ['the guest shuts down by itself, and asking again changes nothing'],
  },
  {
    name: 'a reboot that does nothing',
    overrides: (sound) => ({
      rebootVm: async (ref, _mode, context) => done((await sound.getVm(ref, context)) ?? fail('NOT_FOUND')),
    }),
    caughtBy: [
      'the guest boots again after a forced reboot',
      'a stopped VM cannot be rebooted and stays stopped',
    ],
  },
  {
    name: 'a suspension that powers off',
    overrides: (sound) => ({ suspendVm: (ref, context) => sound.stopVm(ref, 'FORCED', context) }),
    caughtBy: [
      'suspending suspends, and again changes nothing',
      'a stopped VM can neither be suspended nor resumed',
    ],
  },
  {
    name: 'a resumption that boots',
    overrides: (sound, backend) => ({
      resumeVm: (ref, context) => {
        backend.powerOff(ref.externalId);
        return sound.startVm(ref, context);
      },
    }),
    caughtBy: ['the guest goes on where it was, without booting again'],
  },
  {
    name: 'a disk that shrinks',
    overrides: (sound, backend) => ({
      resizeVm: async (ref, size, context) => {
        const vm = await sound.getVm(ref, context);
        const shrinks = size.diskGib !== undefined && vm !== null && size.diskGib < vm.diskGib;
        if (shrinks) backend.changeBehindBack(ref.externalId, { diskGib: size.diskGib ?? 1 });
        return sound.resizeVm(ref, size, context);
      },
    }),
    caughtBy: ['a disk does not shrink'],
  },
  {
    name: 'a resize that applies what it can and then refuses the rest',
    overrides: (sound) => ({
      resizeVm: async (ref, size, context) => {
        if (size.cpuCount !== undefined) await sound.resizeVm(ref, { cpuCount: size.cpuCount }, context);
        return sound.resizeVm(ref, size, context);
      },
    }),
    caughtBy: ['where one part is refused, none is applied'],
  },
  {
    name: 'a resize that adds where it is repeated',
    overrides: (sound) => ({
      resizeVm: async (ref, size, context) => {
        const vm = await sound.getVm(ref, context);
        return size.memoryMib === undefined || vm === null
          ? sound.resizeVm(ref, size, context)
          : sound.resizeVm(ref, { memoryMib: vm.memoryMib + 128 }, context);
      },
    }),
    caughtBy: ['memory: a stopped VM grows, and the repetition changes nothing'],
  },
  {
    name: 'a deletion that complains about what is gone',
    overrides: (sound) => ({
      deleteVm: async (ref, context) =>
        (await sound.getVm({ ...ref, externalId: ref.externalId || 'none' }, context))
          ? sound.deleteVm(ref, context)
          : fail('NOT_FOUND'),
    }),
    caughtBy: [
      'a stopped VM is gone from every read, and deleting it again succeeds',
      'deleting what never was succeeds',
      'what was destroyed behind our back is gone, and deleting it succeeds',
    ],
  },
  {
    name: 'a deletion that wants the VM stopped',
    overrides: (sound) => ({
      deleteVm: async (ref, context) =>
        ref.externalId !== '' && isOn(await sound.getVm(ref, context))
          ? fail('FAILED_PRECONDITION')
          : sound.deleteVm(ref, context),
    }),
    caughtBy: ['a running VM is deleted without being stopped first'],
  },
  {
    name: 'a deletion that needs the external id',
    overrides: (sound) => ({
      deleteVm: async (ref, context) => (ref.externalId === '' ? done(null) : sound.deleteVm(ref, context)),
    }),
    caughtBy: [
      'with an empty external id all that carries the marker is removed, and again succeeds',
      // Not what this case is about; but its VM is left behind, and the cleaning up says so.
      'two VMs may have the same name',
    ],
  },
  {
    name: 'a deletion that takes all there is',
    overrides: (sound, backend) => ({
      deleteVm: async (ref, context) => {
        for (const vm of backend.vms()) backend.destroy(vm.externalId);
        return sound.deleteVm(ref, context);
      },
    }),
    caughtBy: ['the others are left alone', "a deletion by another's marker removes nothing of ours"],
  },
];
