import { z } from 'zod';

const count = (least: number, most: number) => z.int().min(least).max(most);
const probability = z.number().min(0).max(1);

const templateSchema = z.strictObject({
  name: z.string().min(1).max(80),
  diskGib: count(1, 63_488),
  cpuCount: count(1, 768).default(1),
  memoryMib: count(4, 25_165_824).default(1024),
  guestId: z.string().min(1).default('otherLinux64Guest'),
  /** With a snapshot a template can be cloned as linked: the clone's disk is a delta of the template's. */
  snapshot: z.boolean().default(false),
});

export type TemplateOptions = z.output<typeof templateSchema>;

const NEWCOMERS: z.input<typeof templateSchema>[] = [
  { name: 'debian-12', diskGib: 8, memoryMib: 1024, guestId: 'debian12_64Guest' },
  { name: 'ubuntu-24.04', diskGib: 10, memoryMib: 2048, guestId: 'ubuntu64Guest' },
  { name: 'tiny', diskGib: 1, memoryMib: 256, guestId: 'otherLinux64Guest' },
  { name: 'debian-12-linked', diskGib: 8, memoryMib: 1024, guestId: 'debian12_64Guest', snapshot: true },
];

/** Chances that a task goes wrong, whichever it is. */
const taskFaultsSchema = z.strictObject({
  /** It ends in error, and what it began is taken back. */
  fail: probability.default(0),
  /** The fault's type of such an error. */
  faultType: z.string().min(1).default('GenericVmConfigFault'),
  /** Its object vanishes and its work is dropped. */
  lose: probability.default(0),
  /** Its object vanishes after the work was done. */
  loseAfterWork: probability.default(0),
});

export const modelOptionsSchema = z.strictObject({
  datacenters: count(1, 20).default(1),
  /** In each datacenter. */
  clusters: count(1, 50).default(1),
  /** In each cluster. */
  hosts: count(1, 96).default(3),
  /** In each datacenter. */
  datastores: count(1, 64).default(2),
  /** Plain machines beside the templates, spread over the clusters. */
  vms: count(0, 50_000).default(5),
  templates: z.array(templateSchema).default(() => NEWCOMERS.map((one) => templateSchema.parse(one))),
  hostCpuCores: count(1, 256).default(16),
  /** Null: as much as the machines need that run at the start, twice over, and at least 256 GiB. */
  hostMemoryMib: count(1024, 25_165_824).nullable().default(null),
  /** Null: as much as the machines need, twice over, and at least 4 TiB. */
  datastoreGib: count(1, 8_000_000).nullable().default(null),
  seed: z.int().default(1),
  /** What a light task takes; a clone takes four times that. */
  taskMs: count(0, 600_000).default(400),
  /** By how much of itself a task's time varies. */
  taskJitter: probability.default(0.2),
  /** How long a task can be asked about after its end. */
  taskRetentionMs: count(0, 86_400_000).default(600_000),
  taskFaults: taskFaultsSchema.default(() => taskFaultsSchema.parse({})),
  /** From power-on until the guest's tools answer, and from a guest's shutdown until it is off. */
  guestBootMs: count(0, 600_000).default(1_500),
  guestShutdownMs: count(0, 600_000).default(800),
  /** Null: kept in memory only. */
  stateFile: z.string().min(1).nullable().default(null),
});

export type ModelOptions = z.output<typeof modelOptionsSchema>;
export type ModelInput = z.input<typeof modelOptionsSchema>;
