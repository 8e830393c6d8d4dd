import { cases } from '../conformance-case';

export const capabilityManifestCases = cases('capability-manifest', [
  {
    name: 'the provider declares what its harness expects',
    run: async ({ provider, capabilities }) => {
      expect(provider.capabilities).toEqual(capabilities);
    },
  },
  {
    name: 'network modes are named once, and the listing lag is a time',
    run: async ({ provider }) => {
      const { network, listingLagMs } = provider.capabilities;
      expect(new Set(network.modes).size).toBe(network.modes.length);
      expect(Number.isFinite(listingLagMs) && listingLagMs >= 0).toBe(true);
    },
  },
  {
    name: 'the harness has the faults that it announces',
    run: async (session) => {
      for (const name of session.harness.faults ?? []) expect(typeof session.fault(name)).toBe('function');
    },
  },
]);
