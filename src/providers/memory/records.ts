import { z } from 'zod';
import { ERROR_CODES } from '../../kernel';
import { NETWORK_MODES, POWER_STATES } from '../contract';

/** What the model holds, as plain JSON: the state file is exactly these. All times are milliseconds since the epoch. */

const marker = z.object({
  installationId: z.string(),
  tenantId: z.string(),
  objectId: z.string(),
  operationId: z.string(),
});

const nic = z.object({
  networkExternalId: z.string(),
  macAddress: z.string(),
  /** As a number; shown as soon as the guest is up. */
  address: z.number(),
});

const vm = z.object({
  externalId: z.string(),
  sequence: z.number(),
  /** Null on a VM that somebody else made on this host. */
  marker: marker.nullable(),
  name: z.string(),
  hostname: z.string(),
  powerState: z.enum(POWER_STATES),
  cpuCount: z.number(),
  memoryMib: z.number(),
  diskGib: z.number(),
  nics: z.array(nic),
  sshKeyCount: z.number(),
  userDataBytes: z.number(),
  /**
   * CLONED has the first of two stages of its creation behind it. BROKEN is what a failed creation left: parts that no
   * listing shows and that only a deletion removes.
   */
  phase: z.enum(['BUILDING', 'CLONED', 'READY', 'BROKEN']),
  /** From when on it is located and listed. */
  visibleAt: z.number(),
  guestUp: z.boolean(),
  /** When a booting guest will be up; null when none boots. */
  bootsAt: z.number().nullable(),
  ignoresShutdown: z.boolean(),
  console: z.string(),
});

const network = z.object({
  externalId: z.string(),
  marker: marker.nullable(),
  name: z.string(),
  mode: z.enum(NETWORK_MODES),
  cidr: z.string(),
  visibleAt: z.number(),
});

const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('CREATE') }),
  /** The two stages of a creation: a copy of the image as it is, then the size that was asked for. */
  z.object({ kind: z.literal('CLONE') }),
  z.object({ kind: z.literal('CUSTOMIZE'), cpuCount: z.number(), memoryMib: z.number() }),
  z.object({ kind: z.literal('POWER'), to: z.enum(['POWERED_ON', 'POWERED_OFF', 'SUSPENDED']) }),
  /** The guest is asked and shuts down by itself. */
  z.object({ kind: z.literal('SHUTDOWN') }),
  z.object({ kind: z.literal('REBOOT') }),
  z.object({
    kind: z.literal('RESIZE'),
    cpuCount: z.number(),
    memoryMib: z.number(),
    diskGib: z.number(),
  }),
  z.object({ kind: z.literal('DELETE') }),
]);

const operation = z.object({
  ref: z.string(),
  vmExternalId: z.string(),
  change,
  startedAt: z.number(),
  finishesAt: z.number(),
  /** Decided when it begins, so that a fault is the same however often the operation is looked at. */
  fate: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('FINISH') }),
    z.object({ kind: z.literal('FAIL'), code: z.enum(ERROR_CODES), message: z.string() }),
    z.object({ kind: z.literal('VANISH') }),
  ]),
  status: z.enum(['RUNNING', 'DONE', 'FAILED', 'DROPPED']),
  failure: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
});

export const backendStateSchema = z.object({
  version: z.literal(1),
  sequence: z.number(),
  vms: z.array(vm),
  networks: z.array(network),
  operations: z.array(operation),
});

export type VmRecord = z.output<typeof vm>;
export type NetworkRecord = z.output<typeof network>;
export type Change = z.output<typeof change>;
export type OperationRecord = z.output<typeof operation>;
export type Fate = OperationRecord['fate'];
export type BackendState = z.output<typeof backendStateSchema>;

/** Whether a VM comes into being by it, so that nothing whole is left when it fails. */
export function isCreation({ kind }: Change): boolean {
  return kind === 'CREATE' || kind === 'CLONE' || kind === 'CUSTOMIZE';
}
