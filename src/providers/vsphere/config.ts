import { accessSync, constants, statSync } from 'node:fs';
import { z } from 'zod';

/** A host may only be spoken to in the clear where nobody can listen in. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const endpoint = z.string().superRefine((text, context) => {
  const refuse = (message: string): void => {
    context.addIssue({ code: 'custom', message });
  };
  if (!URL.canParse(text)) {
    refuse('has to be a URL such as https://vcenter.example/sdk');
    return;
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    refuse('has to be https; http is for addresses of this machine only');
  else if (url.username !== '' || url.password !== '') refuse('names no user: use username and password');
});

const readableFile = z.string().refine(isReadable, 'has to be a file that can be read');
const inventoryName = z.string().min(1).max(240);
const vlanId = z.int().min(1).max(4094);

const vlans = z
  .strictObject({ from: vlanId, to: vlanId })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'at least from' });

/** The keys of a backend of the kind `vsphere`. */
export const configSchema = z.strictObject({
  /** Of the vim25 service, for example `https://vcenter.example/sdk`. */
  url: endpoint,
  username: z.string().min(1),
  password: z.string().min(1),
  /**
   * The authority that signed the server's certificate, as a PEM file, relative to the working directory; the
   * system's authorities when absent.
   */
  caFile: readableFile.optional(),
  /** Instead of an authority: the SHA-256 fingerprint of the one certificate that is accepted. */
  certificateSha256: z
    .string()
    .regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, 'has to be 32 pairs of hexadecimal digits')
    .optional(),
  /** By name; each may be left out where there is one, and the first by name is taken where there are several. */
  datacenter: inventoryName.optional(),
  cluster: inventoryName.optional(),
  /** The datastore for new VMs; the one with the most free space when absent. */
  datastore: inventoryName.optional(),
  /** The folder, made where it is missing, with a folder for each tenant in it. Resource pools have the same names. */
  folder: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/, 'has to be letters, digits, spaces, ".", "_" or "-"')
    .default('Hypergate'),
  /** Networks are port groups of a distributed switch, or of a standard switch of each host in the cluster. */
  networkSwitch: z.enum(['distributed', 'standard']).default('distributed'),
  /** The switch's name; for distributed the first by name when absent, for standard `vSwitch0`. */
  switchName: inventoryName.optional(),
  /** Each isolated network gets a VLAN of its own out of these. */
  vlans: vlans.prefault({ from: 2000, to: 2999 }),
  /** The VLAN of the provider's own segment, 0 for untagged. Only where it is named can networks be BRIDGED. */
  bridgedVlan: z.int().min(0).max(4094).optional(),
  /** How long a guest may take to comply with a graceful stop, in milliseconds. */
  gracefulStopTimeoutMs: z.int().min(1_000).max(3_600_000).default(300_000),
  /** The limit for one call to the server, in milliseconds. */
  callTimeoutMs: z.int().min(1_000).max(600_000).default(30_000),
});

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export type VsphereConfig = z.output<typeof configSchema>;
