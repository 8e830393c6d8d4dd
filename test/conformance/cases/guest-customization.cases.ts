import { cases } from '../conformance-case';
import { expectCode } from '../error-codes';

const SECRET = 'hunter2-7f3a';
const USER_DATA = `#cloud-config\npassword: "${SECRET}"\nruncmd: ["echo ]]> <&"]\n`;
const SSH_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl conformance@example';

export const guestCustomizationCases = cases('guest-customization', [
  {
    name: 'a VM is made with user data and keys, and starts',
    when: ({ vm }) => vm.guestCustomization,
    run: async (session) => {
      const { vm } = await session.runningVm({ userData: USER_DATA, sshKeys: [SSH_KEY, SSH_KEY] });
      expect(vm.powerState).toBe('POWERED_ON');
    },
  },
  {
    name: 'user data is neither logged nor told',
    when: ({ vm }) => vm.guestCustomization,
    run: async (session) => {
      const { ref, vm } = await session.vm({ userData: USER_DATA });
      const again = await session.provider.getVm(ref, session.context);
      expect(JSON.stringify([vm, again])).not.toContain(SECRET);
      expect(session.logLines.join('\n')).not.toContain(SECRET);
    },
  },
  {
    name: 'the repeated creation with user data answers the same VM',
    when: ({ vm }) => vm.guestCustomization,
    run: async (session) => {
      const { spec, ref } = await session.vm({ userData: USER_DATA, sshKeys: [SSH_KEY] });
      await session.afterListingLag();
      expect(await session.create(spec)).toMatchObject({ externalId: ref.externalId });
    },
  },
  {
    name: 'undeclared, user data and keys are UNSUPPORTED and nothing is made',
    when: ({ vm }) => !vm.guestCustomization,
    run: async (session) => {
      for (const changes of [{ userData: USER_DATA }, { sshKeys: [SSH_KEY] }]) {
        const spec = await session.vmSpec(changes);
        await expectCode(session.provider.createVm(spec, session.context), 'UNSUPPORTED');
      }
      await session.afterListingLag();
      expect(await session.listAll()).toEqual([]);
    },
  },
]);
