import { z } from 'zod';

/** Answers of Nova's API, as far as they are read, at the microversion that `version.ts` pins. */

const fault = z.object({
  /** An HTTP status: 500 for most; 413 where a quota was exceeded late. */
  code: z.number(),
  message: z.string(),
  created: z.string().optional(),
});

const address = z.object({
  addr: z.string(),
  version: z.number(),
  'OS-EXT-IPS:type': z.string().optional(),
  'OS-EXT-IPS-MAC:mac_addr': z.string().optional(),
});

/** Embedded without its id since 2.47. Sizes in MiB (`ram`) and GiB (`disk`). */
const embeddedFlavor = z.object({
  vcpus: z.number(),
  ram: z.number(),
  disk: z.number(),
  ephemeral: z.number().optional(),
  original_name: z.string(),
});

export const server = z.object({
  id: z.string(),
  name: z.string(),
  /** ACTIVE, BUILD, DELETED, ERROR, HARD_REBOOT, PAUSED, REBOOT, RESIZE, SHUTOFF, SUSPENDED, VERIFY_RESIZE … */
  status: z.string(),
  metadata: z.record(z.string(), z.string()),
  tags: z.array(z.string()).default([]),
  flavor: embeddedFlavor,
  /** The empty string for a server that boots from a volume. */
  image: z.union([z.object({ id: z.string() }), z.string()]).nullish(),
  /** By the network's name, which need not be unique. */
  addresses: z.record(z.string(), z.array(address)).default({}),
  /** May come a read after the status ERROR. */
  fault: fault.nullish(),
  /** ISO 8601. */
  created: z.string(),
  updated: z.string(),
  key_name: z.string().nullish(),
  description: z.string().nullish(),
  locked: z.boolean().nullish(),
  'OS-EXT-STS:vm_state': z.string().nullish(),
  'OS-EXT-STS:task_state': z.string().nullish(),
  /** 0 NOSTATE, 1 RUNNING, 3 PAUSED, 4 SHUTDOWN, 6 CRASHED, 7 SUSPENDED. */
  'OS-EXT-STS:power_state': z.number().nullish(),
  /** Null until it has run for the first time. */
  'OS-SRV-USG:launched_at': z.string().nullish(),
  'OS-EXT-AZ:availability_zone': z.string().nullish(),
  'OS-EXT-SRV-ATTR:hostname': z.string().nullish(),
});
export type Server = z.infer<typeof server>;
export type ServerFault = z.infer<typeof fault>;

const link = z.object({ rel: z.string() });

export const serverAnswer = z.object({ server });
export const serverPage = z.object({ servers: z.array(server), servers_links: z.array(link).optional() });
/** The answer to a creation tells the id only. */
export const createdServer = z.object({ server: z.object({ id: z.string() }) });
export const metadataAnswer = z.object({ metadata: z.record(z.string(), z.string()) });
export const consoleOutput = z.object({ output: z.string().nullable() });

const flavor = z.object({
  id: z.string(),
  name: z.string(),
  vcpus: z.number(),
  /** MiB. */
  ram: z.number(),
  /** GiB; 0 for as much as the image needs. */
  disk: z.number(),
  'OS-FLV-EXT-DATA:ephemeral': z.number().optional(),
  'OS-FLV-DISABLED:disabled': z.boolean().optional(),
  'os-flavor-access:is_public': z.boolean().optional(),
});
export type Flavor = z.infer<typeof flavor>;
export const flavorPage = z.object({ flavors: z.array(flavor), flavors_links: z.array(link).optional() });

const keypair = z.object({ name: z.string(), public_key: z.string(), fingerprint: z.string() });
export type Keypair = z.infer<typeof keypair>;
export const keypairAnswer = z.object({ keypair });

/** -1 stands for no limit. Memory in MiB. */
const absoluteLimits = z.object({
  maxTotalCores: z.number(),
  maxTotalInstances: z.number(),
  maxTotalRAMSize: z.number(),
  totalCoresUsed: z.number(),
  totalInstancesUsed: z.number(),
  totalRAMUsed: z.number(),
});
export type AbsoluteLimits = z.infer<typeof absoluteLimits>;
export const limitsAnswer = z.object({ limits: z.object({ absolute: absoluteLimits }) });

const availabilityZone = z.object({ zoneName: z.string(), zoneState: z.object({ available: z.boolean() }) });
export type AvailabilityZone = z.infer<typeof availabilityZone>;
export const availabilityZonesAnswer = z.object({ availabilityZoneInfo: z.array(availabilityZone) });

const versionInfo = z.object({ id: z.string(), version: z.string(), min_version: z.string() });
export const versionAnswer = z.object({ version: versionInfo });
