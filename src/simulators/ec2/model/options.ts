import { z } from 'zod';

const count = (least: number, most: number) => z.int().min(least).max(most);
const milliseconds = count(0, 86_400_000);

/** A share of the launches that are accepted, and end terminated. */
const launchFaultsSchema = z.strictObject({
  fail: z.number().min(0).max(1).default(0),
  /** The code of the state reason. */
  code: z
    .string()
    .regex(/^(Server|Client)\.\w+$/)
    .default('Server.InsufficientInstanceCapacity'),
});

/** Simulated time and limits of the account. */
export const modelOptionsSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-central-1')
    .default('eu-central-1'),
  accountId: z
    .string()
    .regex(/^\d{12}$/, '12 digits')
    .default('123456789012'),
  /** Instances of somebody else, in the default VPC; the even ones run. */
  vms: count(0, 50_000).default(5).describe('instances that are there at the start'),
  seed: z.int().default(1),
  operationMs: milliseconds.default(400).describe('to start, to stop and to terminate'),
  bootMs: milliseconds.default(1_500).describe('from running until the checks pass'),
  terminatedMs: milliseconds.default(3_600_000).describe('how long what is terminated stays listed'),
  lagMs: milliseconds.default(0).describe('until readers see a change'),
  launchFaults: launchFaultsSchema
    .default(() => launchFaultsSchema.parse({}))
    .describe('launches that are accepted and then fail'),
  maxInstances: count(0, 100_000).nullable().default(null).describe('that run at the same time'),
  maxVcpus: count(0, 1_000_000).nullable().default(null).describe('of those that run at the same time'),
  maxVpcs: count(1, 10_000).default(1_000),
  /** Null: kept in memory only. */
  stateFile: z.string().min(1).nullable().default(null).describe('keeps the account over a restart'),
});

export type ModelOptions = z.output<typeof modelOptionsSchema>;
