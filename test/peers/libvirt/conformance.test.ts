import { guardProvider } from '../../../src/providers/contract';
import { describeProvider } from '../../conformance';
import type { RunningBackend } from '../../conformance';
import { LostReplies } from '../../support/lost-replies';
import { IMAGE, ProviderStage } from '../support/libvirt-provider';

const LARGE_IMAGE = 'large.qcow2';

async function start(): Promise<RunningBackend> {
  const stage = await ProviderStage.open();
  await stage.addEmptyImage(LARGE_IMAGE, 2);
  const domain = (externalId: string) => stage.client.domains.lookupByUuid(externalId);
  const replies = new LostReplies();

  return {
    connect: () => guardProvider(replies.losing(stage.provider())),
    faults: {
      loseNextReply: async (method) => {
        replies.next(method);
      },
      setUnavailable: (unavailable) => (unavailable ? stage.daemon.kill() : stage.daemon.start()),
      powerOffBehindBack: async (externalId) => stage.client.domains.destroy(await domain(externalId)),
      destroyBehindBack: async (externalId) => stage.client.domains.undefine(await domain(externalId)),
    },
    stop: async () => {
      const left = await stage.leftovers();
      await stage.close();
      expect(left).toEqual([]);
    },
  };
}

describeProvider({
  name: 'libvirt, against a real daemon',
  capabilities: {
    vm: {
      gracefulStop: true,
      sizes: 'ANY',
      reboot: true,
      suspend: true,
      resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
      guestCustomization: true,
      consoleLog: true,
    },
    network: { modes: ['ISOLATED', 'NAT', 'ROUTED'], overlappingCidrs: false, maxPerVm: null },
    watch: 'PUSH',
    listingLagMs: 0,
  },
  imageRef: IMAGE,
  imageMinDiskGib: 1,
  largeImageRef: LARGE_IMAGE,
  cidrs: ['10.81.0.0/24', '10.82.0.0/24', '10.83.0.0/24', '10.84.0.0/24'],
  guest: { readyText: 'GUEST-READY', poweroffText: 'GUEST-POWEROFF' },
  faults: ['loseNextReply', 'setUnavailable', 'powerOffBehindBack', 'destroyBehindBack'],
  timeoutMs: 60_000,
  start,
});
