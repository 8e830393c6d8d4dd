import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guardProvider } from '../../../src/providers/contract';
import { describeProvider } from '../../conformance';
import type { RunningBackend } from '../../conformance';
import { IMAGE, ProviderStage } from '../support/libvirt-provider';

/** Nothing boots from it: it is there to be too large. */
const LARGE_IMAGE = 'large.raw';
const GIB = 2 ** 30;

async function start(): Promise<RunningBackend> {
  const stage = await ProviderStage.open();
  await writeFile(join(stage.poolPath, LARGE_IMAGE), '');
  await truncate(join(stage.poolPath, LARGE_IMAGE), 3 * GIB);
  const domain = (externalId: string) => stage.client.domains.lookupByUuid(externalId);
  return {
    connect: () => guardProvider(stage.provider()),
    faults: {
      setUnavailable: (unavailable) => (unavailable ? stage.daemon.kill() : stage.daemon.start()),
      powerOffBehindBack: async (externalId) => stage.client.domains.destroy(await domain(externalId), 0),
      destroyBehindBack: async (externalId) => stage.client.domains.undefine(await domain(externalId), 0),
    },
    stop: async () => {
      const left = await stage.leftovers();
      await stage.close();
      expect(left).toEqual([`volume ${LARGE_IMAGE}`]);
    },
  };
}

describeProvider({
  name: 'libvirt, against a real daemon',
  capabilities: {
    vm: {
      gracefulStop: true,
      reboot: true,
      suspend: true,
      resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
      guestCustomization: true,
      consoleLog: true,
    },
    network: { modes: ['ISOLATED', 'NAT', 'ROUTED'], overlappingCidrs: false },
    watch: 'PUSH',
    listingLagMs: 0,
  },
  imageRef: IMAGE,
  imageMinDiskGib: 1,
  largeImageRef: LARGE_IMAGE,
  cidrs: ['10.81.0.0/24', '10.82.0.0/24', '10.83.0.0/24', '10.84.0.0/24'],
  guest: { readyText: 'GUEST-READY', poweroffText: 'GUEST-POWEROFF' },
  faults: ['setUnavailable', 'powerOffBehindBack', 'destroyBehindBack'],
  timeoutMs: 60_000,
  start,
});
