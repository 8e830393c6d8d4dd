import { z } from 'zod';
import { parseIpv4Prefix } from '../contract';

/** A host may only be spoken to in the clear where nobody can listen in. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const endpoint = z.string().superRefine((text, context) => {
  const refuse = (message: string): void => {
    context.addIssue({ code: 'custom', message });
  };
  if (!URL.canParse(text)) {
    refuse('has to be a URL such as https://ec2.eu-west-1.amazonaws.com');
    return;
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    refuse('has to be https; http is for addresses of this machine only');
  else if (url.username !== '' || url.password !== '')
    refuse('names no user: use accessKeyId and secretAccessKey');
});

const port = z.int().min(0).max(65_535);

/** What is let in from outside, as EC2's security groups put it. */
const ingressRule = z
  .strictObject({
    protocol: z.enum(['tcp', 'udp']),
    fromPort: port,
    toPort: port,
    cidr: z.string().refine((text) => parseIpv4Prefix(text) !== null, 'has to be an IPv4 prefix'),
  })
  .refine(({ fromPort, toPort }) => fromPort <= toPort, { path: ['toPort'], error: 'at least fromPort' });

/** The keys of a backend of the kind `ec2`. */
export const configSchema = z.strictObject({
  /** For example `eu-west-1`. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'has to be a region such as eu-west-1'),
  /** AWS's own for the region when absent. */
  endpoint: endpoint.optional(),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1).optional(),
  /** The instance types that VMs may get; `*` stands for any text. The smallest that fits is taken. */
  instanceTypes: z
    .array(z.string().regex(/^[a-z0-9*][a-z0-9.*-]{0,63}$/, 'has to be a type or a pattern such as t3.*'))
    .min(1)
    .max(100)
    .default(['t3.*']),
  /** Where VMs without a network are put; the account's default subnet when absent. */
  subnetId: z
    .string()
    .regex(/^subnet-[0-9a-f]+$/, 'has to be a subnet such as subnet-0123456789abcdef0')
    .optional(),
  /** Where new subnets lie, and which default subnet is taken; EC2 chooses when absent. */
  availabilityZone: z.string().min(1).optional(),
  /** Opened to VMs besides what members of a network may say to each other. */
  ingress: z.array(ingressRule).max(50).default([]),
  /** How often the feed asks for changes, for all that listen together. */
  pollIntervalMs: z.int().min(10).max(600_000).default(5_000),
  /** How long EC2 may take until its reads show what it was asked to make. */
  listingLagMs: z.int().min(0).max(300_000).default(5_000),
  /** How long accepted work may take. */
  operationTimeoutMs: z.int().min(1_000).max(3_600_000).default(900_000),
  /** The limit for one attempt of one request. */
  callTimeoutMs: z.int().min(100).max(600_000).default(30_000),
  /** How often one request is sent at most, the first time included. */
  maxAttempts: z.int().min(1).max(20).default(6),
});

export type Ec2Config = z.output<typeof configSchema>;
