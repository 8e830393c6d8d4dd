import { accessSync, constants, statSync } from 'node:fs';
import { IPv4, IPv6 } from 'ipaddr.js';
import { z } from 'zod';

/** A host may only be spoken to in the clear where nobody can listen in. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const endpoint = z.string().superRefine((text, context) => {
  const refuse = (message: string): void => {
    context.addIssue({ code: 'custom', message });
  };
  if (!URL.canParse(text)) {
    refuse('has to be a URL such as https://cloud.example:5000/v3');
    return;
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    refuse('has to be https; http is for addresses of this machine only');
  else if (url.username !== '' || url.password !== '') refuse('names no user: use username and password');
});

const text = z.string().min(1).max(255);
const port = z.int().min(1).max(65_535);
const milliseconds = (least: number, most: number) => z.int().min(least).max(most);

/** Which traffic from outside reaches the VMs, besides answers to their own. */
const ingressRule = z
  .strictObject({
    protocol: z.enum(['tcp', 'udp', 'icmp']),
    /** The first port; all when both are left out. ICMP has none. */
    fromPort: port.optional(),
    toPort: port.optional(),
    /** Where it comes from: a prefix of IPv4 or IPv6. */
    cidr: z.union([z.cidrv4(), z.cidrv6()], 'has to be a prefix such as 203.0.113.0/24').transform(canonical),
  })
  .superRefine(({ protocol, fromPort, toPort }, context) => {
    const refuse = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (protocol === 'icmp') {
      if (fromPort !== undefined || toPort !== undefined) refuse('fromPort', 'ICMP has no ports');
    } else if ((fromPort === undefined) !== (toPort === undefined)) {
      refuse('toPort', 'goes with fromPort');
    } else if (fromPort !== undefined && toPort !== undefined && fromPort > toPort) {
      refuse('toPort', 'at least fromPort');
    }
  });

/** The keys of a backend of the kind `openstack`. */
export const configSchema = z
  .strictObject({
    /** Of Keystone's version 3, for example `https://cloud.example:5000/v3`. */
    authUrl: endpoint,
    username: text.optional(),
    password: z.string().min(1).optional(),
    /** The project by name; all that is made is made in it. */
    project: text.optional(),
    /** The domain by name, of the user as well as of the project. */
    domain: text.default('Default'),
    /** Instead of username, password and project, which it stands for. */
    applicationCredentialId: text.optional(),
    applicationCredentialSecret: z.string().min(1).optional(),
    /** Where the catalog has several; the only one when absent. */
    region: text.optional(),
    /** Which of the catalog's endpoints are called. */
    interface: z.enum(['public', 'internal']).default('public'),
    /**
     * The authority that signed the servers' certificates, as a PEM file, relative to the working directory; the
     * authorities that Node comes with when absent.
     */
    caFile: z.string().refine(isReadable, 'has to be a file that can be read').optional(),
    /**
     * The external network, by name or id, to which the routers of NAT networks lead and out of which floating IPs come;
     * the first by name when absent.
     */
    externalNetwork: text.optional(),
    /** Whether each VM on a NAT network gets an address of the external network. */
    floatingIps: z.boolean().default(false),
    /** What reaches VMs besides the traffic of the same tenant's VMs. */
    ingress: z.array(ingressRule).max(64).default([]),
    /** Where VMs are made; the cloud's own choice when absent. */
    availabilityZone: text.optional(),
    /** The flavors that VMs may have, by name; `*` stands for any text. All when absent. */
    flavors: z.array(text).min(1).max(256).optional(),
    /** How often work under way and the change feed are asked after, in milliseconds. */
    pollIntervalMs: milliseconds(100, 600_000).default(5_000),
    /** How long what was made may be missing from listings, in milliseconds. */
    listingLagMs: milliseconds(0, 600_000).default(5_000),
    /** How long accepted work may take before it counts as lost, in milliseconds. */
    operationTimeoutMs: milliseconds(1_000, 86_400_000).default(600_000),
    /** The limit for one request to the cloud, in milliseconds. */
    callTimeoutMs: milliseconds(1_000, 600_000).default(30_000),
  })
  .superRefine((config, context) => {
    for (const path of missingCredentials(config))
      context.addIssue({ code: 'custom', path: [path], message: 'is required' });
    for (const path of surplusCredentials(config))
      context.addIssue({
        code: 'custom',
        path: [path],
        message: 'is what the application credential stands for',
      });
  });

const PASSWORD_KEYS = ['username', 'password', 'project'] as const;
const APPLICATION_KEYS = ['applicationCredentialId', 'applicationCredentialSecret'] as const;
type CredentialKeys = Partial<
  Record<(typeof PASSWORD_KEYS)[number] | (typeof APPLICATION_KEYS)[number], string | undefined>
>;

function missingCredentials(config: CredentialKeys): readonly string[] {
  const keys = usesApplicationCredential(config) ? APPLICATION_KEYS : PASSWORD_KEYS;
  return keys.filter((key) => config[key] === undefined);
}

function surplusCredentials(config: CredentialKeys): readonly string[] {
  if (!usesApplicationCredential(config)) return [];
  return PASSWORD_KEYS.filter((key) => config[key] !== undefined);
}

function usesApplicationCredential(config: CredentialKeys): boolean {
  return APPLICATION_KEYS.some((key) => config[key] !== undefined);
}

/** As Neutron writes it, so that what there is can be compared with what is wanted: without host bits. */
function canonical(cidr: string): string {
  const family = cidr.includes(':') ? IPv6 : IPv4;
  return `${family.networkAddressFromCIDR(cidr).toString()}/${cidr.split('/')[1] ?? ''}`;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export type OpenStackConfig = z.output<typeof configSchema>;
