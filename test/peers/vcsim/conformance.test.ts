import { describeProvider } from '../../conformance';
import { vsphereHarness } from '../../providers/vsphere-harness';
import type { VsphereServer } from '../../providers/vsphere-harness';
import { FaultProxy } from '../../support/fault-proxy';
import { Vcsim } from '../support/vcsim';

/** vcsim forgets everything when it ends, so it is the way to it that goes away. */
async function start(): Promise<VsphereServer> {
  const vcsim = await Vcsim.start();
  const proxy = await FaultProxy.start(vcsim.url);
  return {
    url: proxy.through(vcsim.url),
    username: vcsim.username,
    password: vcsim.password,
    setUnavailable: async (unavailable) => {
      if (unavailable) await proxy.refuse();
      else await proxy.accept();
    },
    stop: async () => {
      await proxy.close();
      await vcsim.stop();
    },
  };
}

describeProvider(vsphereHarness({ name: 'vSphere, against vcsim', start, timeoutMs: 20_000 }));

describeProvider(
  vsphereHarness({
    name: 'vSphere with standard switches, against vcsim',
    start,
    config: { networkSwitch: 'standard' },
    timeoutMs: 20_000,
  }),
);
