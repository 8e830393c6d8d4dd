import { z } from 'zod';

const milliseconds = z.int().min(0).max(3_600_000);
const probability = z.number().min(0).max(1);
const resize = z.enum(['ANY_STATE', 'WHEN_STOPPED', 'NEVER']);

/** How often, from 0 to 1, a call goes wrong in each way. The same seed gives the same sequence of faults. */
const faults = z.strictObject({
  seed: z.int().default(1),
  /** Any call is refused with UNAVAILABLE before it does anything. */
  refuse: probability.default(0),
  /** A mutation is executed and answers UNAVAILABLE all the same. */
  loseReply: probability.default(0),
  /** A mutation never answers; only the caller's deadline ends it. */
  hang: probability.default(0),
  /** An accepted mutation ends FAILED with RESOURCE_EXHAUSTED, a creation leaving parts behind. */
  failLate: probability.default(0),
  /** An accepted mutation is dropped without a trace: its operation answers LOST. */
  loseOperation: probability.default(0),
});

/** What this backend declares; by default everything. */
const capabilities = z.strictObject({
  gracefulStop: z.boolean().default(true),
  reboot: z.boolean().default(true),
  suspend: z.boolean().default(true),
  resizeCpu: resize.default('ANY_STATE'),
  resizeMemory: resize.default('ANY_STATE'),
  resizeDisk: resize.default('ANY_STATE'),
  guestCustomization: z.boolean().default(true),
  consoleLog: z.boolean().default(true),
  networkModes: z
    .array(z.enum(['ISOLATED', 'NAT', 'BRIDGED', 'ROUTED']))
    .default(['ISOLATED', 'NAT', 'BRIDGED', 'ROUTED']),
  overlappingCidrs: z.boolean().default(true),
  watch: z.enum(['PUSH', 'NONE']).default('PUSH'),
});

const image = z.strictObject({ name: z.string().min(1), minDiskGib: z.int().min(1).default(1) });

/** What the host has; null is without limit. CPUs and memory are taken by running VMs, storage by all. */
const capacity = z.strictObject({
  cpuCount: z.int().min(1).nullable().default(null),
  memoryMib: z.int().min(1).nullable().default(null),
  storageGib: z.int().min(1).nullable().default(null),
});

export const memoryConfigSchema = z.strictObject({
  /** Added to every call. */
  latencyMs: milliseconds.default(0),
  /** How long a mutation of a VM takes. */
  operationMs: milliseconds.default(0),
  /** Answers ACCEPTED and works on, as clouds do, instead of answering when the work is done. */
  asynchronous: z.boolean().default(false),
  /**
   * A creation takes two stages, as where a VM is cloned and then made as large as asked: the accepted first one ends
   * in CONTINUE. Only where `asynchronous`.
   */
  stagedCreation: z.boolean().default(false),
  /** A VM runs when its creation ends, as clouds do. */
  startsOnCreate: z.boolean().default(false),
  /** How long after its creation an object is missing from what is located and listed. */
  listingLagMs: milliseconds.default(0),
  /**
   * True: a repeated creation finds the first at once (EC2's ClientToken, libvirt's UUID). False: only by the listing,
   * so that whoever repeats it within `listingLagMs` gets a second VM (Nova).
   */
  idempotencyKey: z.boolean().default(true),
  /** From power-on until the guest has its addresses and can be asked to shut down. */
  guestBootMs: milliseconds.default(0),
  /** After which a guest that ignores the request to shut down is given up. */
  gracefulStopMs: milliseconds.default(5_000),
  pageSize: z.int().min(1).max(10_000).default(500),
  /** The images there are; without it every name is one. */
  images: z.array(image).optional(),
  capacity: capacity.prefault({}),
  capabilities: capabilities.prefault({}),
  faults: faults.prefault({}),
  /** Keeps everything in this file, relative to the working directory, so that it outlives the process. */
  stateFile: z.string().min(1).optional(),
});

export type MemoryConfig = z.output<typeof memoryConfigSchema>;
export type MemoryConfigInput = z.input<typeof memoryConfigSchema>;
