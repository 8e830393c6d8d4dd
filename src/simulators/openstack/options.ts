import { z } from 'zod';
import { milliseconds, networkOptions } from '../network/network-options';

const count = (least: number, most: number) => z.int().min(least).max(most);

const flavorSchema = z.strictObject({
  name: z.string().min(1).max(255),
  vcpus: count(1, 1_024),
  memoryMib: count(1, 16_777_216),
  /** The root disk; 0 takes the image's own size. */
  diskGib: count(0, 65_536),
});

const FLAVORS: z.input<typeof flavorSchema>[] = [
  { name: 'm1.tiny', vcpus: 1, memoryMib: 512, diskGib: 1 },
  { name: 'm1.small', vcpus: 1, memoryMib: 2_048, diskGib: 20 },
  { name: 'm1.medium', vcpus: 2, memoryMib: 4_096, diskGib: 40 },
  { name: 'm1.large', vcpus: 4, memoryMib: 8_192, diskGib: 80 },
  { name: 'm1.xlarge', vcpus: 8, memoryMib: 16_384, diskGib: 160 },
  { name: 'm1.huge', vcpus: 512, memoryMib: 1_048_576, diskGib: 80 },
];

const imageSchema = z.strictObject({
  name: z.string().min(1).max(255),
  minDiskGib: count(0, 65_536).default(0),
  minMemoryMib: count(0, 16_777_216).default(0),
  sizeMib: count(1, 16_777_216).default(1),
});

const IMAGES: z.input<typeof imageSchema>[] = [
  { name: 'cirros', minDiskGib: 1, sizeMib: 20 },
  { name: 'debian-12', minDiskGib: 2, minMemoryMib: 256, sizeMib: 340 },
  { name: 'ubuntu-24.04', minDiskGib: 4, minMemoryMib: 512, sizeMib: 590 },
];

const quotaSchema = z.strictObject({
  instances: count(0, 100_000).default(200),
  cores: count(0, 1_000_000).default(800),
  memoryMib: count(0, 1_000_000_000).default(2_097_152),
  networks: count(0, 100_000).default(100),
  routers: count(0, 100_000).default(50),
  floatingIps: count(0, 100_000).default(50),
  securityGroups: count(0, 100_000).default(100),
});

export type QuotaOptions = z.output<typeof quotaSchema>;

/** A token bucket for all requests together. */
const rateLimitSchema = z.strictObject({
  burst: count(1, 1_000_000),
  perSecond: z.number().positive().max(1_000_000),
});

export type RateLimit = z.output<typeof rateLimitSchema>;

/** What the simulator can be told, on the command line and under a backend's `simulator` alike. */
export const optionsSchema = z.strictObject({
  username: z.string().min(1).default('demo').describe('who may log in'),
  /** Null: one is made at each start. */
  password: z.string().min(1).nullable().default(null).describe('made at each start when absent'),
  project: z.string().min(1).default('demo'),
  domain: z.string().min(1).default('Default'),
  region: z.string().min(1).default('RegionOne'),
  /** As Keystone has it: an hour. */
  tokenMs: count(1, 86_400_000).default(3_600_000).describe('how long a token lives'),
  vms: count(0, 50_000).default(5).describe('servers of another project'),
  projectVms: count(0, 50_000).default(0).describe('servers of the project itself, made by somebody else'),
  flavors: z.array(flavorSchema).default(() => FLAVORS.map((one) => flavorSchema.parse(one))),
  images: z.array(imageSchema).default(() => IMAGES.map((one) => imageSchema.parse(one))),
  quota: quotaSchema.default(() => quotaSchema.parse({})).describe('of each project'),
  /** Never refused at once: every server over the quota is accepted and fails later. */
  lateQuota: z.boolean().default(false).describe('quota is checked after the creation was accepted'),
  /** Creations so close to each other do not see one another in the first check, as with several API workers. */
  quotaRaceMs: milliseconds.default(20).describe('creations so close race for the quota'),
  hosts: count(1, 1_000).default(4),
  hostVcpus: count(1, 100_000).default(256).describe('of each host'),
  hostMemoryMib: count(1, 100_000_000).default(1_048_576).describe('of each host'),
  /** A creation takes it once, a light action a quarter of it. */
  operationMs: milliseconds.default(800).describe('how long a creation takes; other operations take less'),
  lagMs: milliseconds.default(0).describe('a new server cannot be seen for so long'),
  vanish: z.number().min(0).max(1).default(0).describe('how often an accepted operation vanishes'),
  /** Null: as many requests as come. */
  rateLimit: rateLimitSchema.nullable().default(null).describe('requests'),
  maxLimit: count(1, 100_000).default(1_000).describe('the largest page of servers'),
  seed: z.int().default(1),
  /** Null: kept in memory only. */
  stateFile: z.string().min(1).nullable().default(null),
  ...networkOptions,
});

export type OpenstackSimulatorOptions = z.output<typeof optionsSchema>;
