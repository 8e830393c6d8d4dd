import type { VsphereServer } from '../../providers/vsphere/harness';
import { FaultProxy } from '../../support/fault-proxy';
import { Vcsim } from './vcsim';
import type { VcsimOptions } from './vcsim';

/** vcsim forgets everything when it ends, so it is the way to it that goes away. */
export async function startVcsim(options: VcsimOptions = {}): Promise<VsphereServer> {
  const vcsim = await Vcsim.start(options);
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
