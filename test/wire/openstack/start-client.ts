import { OpenStackClient } from '../../../src/providers/openstack/client';
import type { Call, OpenStackClientOptions } from '../../../src/providers/openstack/client';
import type { FakeCloud } from './fake-cloud';

export function clientOf(cloud: FakeCloud, changes: Partial<OpenStackClientOptions> = {}): OpenStackClient {
  return new OpenStackClient({
    authUrl: `${cloud.url}/v3`,
    credentials: {
      method: 'password',
      username: 'ann',
      password: 'secret-1',
      project: 'lab',
      domain: 'Default',
    },
    interface: 'public',
    callTimeoutMs: 10_000,
    requests: { run: (_signal, request) => request() },
    ...changes,
  });
}

/** A call that nobody gives up. */
export function call(signal: AbortSignal = new AbortController().signal): Call {
  return { signal };
}
