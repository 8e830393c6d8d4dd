import { describeProvider } from '../../conformance';
import { ec2Harness } from './harness';

describeProvider(
  ec2Harness({
    name: 'ec2 whose reads lag behind',
    simulator: { lagMs: 120 },
    listingLagMs: 150,
    timeoutMs: 30_000,
  }),
  // What lag has nothing to do with is tried without it.
  ['vm-creation', 'vm-deletion', 'networks', 'operations', 'ownership', 'errors'],
);
