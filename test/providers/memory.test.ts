import { describeProvider } from '../conformance';
import { FULL_CAPABILITIES, memoryHarness } from './memory-harness';

describeProvider(memoryHarness('memory, that finishes before it answers', { pageSize: 2 }));

describeProvider(
  memoryHarness(
    'memory, that works like a slow cloud',
    {
      asynchronous: true,
      operationMs: 20,
      latencyMs: 1,
      guestBootMs: 20,
      listingLagMs: 20,
      idempotencyKey: false,
      startsOnCreate: true,
      pageSize: 1,
      capabilities: { resizeCpu: 'WHEN_STOPPED', resizeMemory: 'WHEN_STOPPED', overlappingCidrs: false },
    },
    {
      ...FULL_CAPABILITIES,
      vm: {
        ...FULL_CAPABILITIES.vm,
        resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
      },
      network: { ...FULL_CAPABILITIES.network, overlappingCidrs: false },
      listingLagMs: 20,
    },
  ),
);

describeProvider(
  memoryHarness(
    'memory, that creates in two stages',
    {
      asynchronous: true,
      operationMs: 10,
      guestBootMs: 10,
      stagedCreation: true,
      listingLagMs: 20,
      idempotencyKey: false,
    },
    { ...FULL_CAPABILITIES, listingLagMs: 20 },
  ),
);

describeProvider(
  memoryHarness('memory, that takes its time before it answers', {
    operationMs: 10,
    guestBootMs: 10,
    latencyMs: 1,
  }),
);

describeProvider(
  memoryHarness(
    'memory, that can do the least',
    {
      capabilities: {
        gracefulStop: false,
        reboot: false,
        suspend: false,
        resizeCpu: 'NEVER',
        resizeMemory: 'NEVER',
        resizeDisk: 'NEVER',
        guestCustomization: false,
        consoleLog: false,
        networkModes: [],
        overlappingCidrs: false,
        watch: 'NONE',
      },
    },
    {
      vm: {
        gracefulStop: false,
        reboot: false,
        sizes: 'ANY',
        suspend: false,
        resize: { cpu: 'NEVER', memory: 'NEVER', disk: 'NEVER' },
        guestCustomization: false,
        consoleLog: false,
      },
      network: { modes: [], overlappingCidrs: false, maxPerVm: null },
      watch: 'NONE',
      listingLagMs: 0,
    },
  ),
);

describeProvider(
  memoryHarness('memory, that drops accepted work now and then', {
    asynchronous: true,
    operationMs: 5,
    faults: { loseOperation: 0.2, seed: 42 },
  }),
);
