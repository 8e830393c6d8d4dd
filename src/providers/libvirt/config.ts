import { z } from 'zod';
import { parseLibvirtUri } from './client';

/** What a pool, a machine or a socket may be called: it becomes part of a description or of a path. */
const plainName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,62}$/, 'has to be letters, digits, ".", "_", "+" or "-"');
const absolutePath = z.string().regex(/^\/[^\0\n\r]*$/, 'has to be an absolute path');

/** The keys of a backend of the kind `libvirt`. */
export const configSchema = z.strictObject({
  /** `qemu+unix:///system?socket=/run/libvirt/libvirt-sock`, `qemu+tcp://host/system` or `qemu+tls://host/system`. */
  uri: z.string().superRefine((uri, context) => {
    try {
      parseLibvirtUri(uri);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof Error ? error.message : 'is no libvirt URI',
      });
    }
  }),
  /** For tls: the authority that signed the daemon's certificate, and our own certificate with its key. PEM files. */
  caFile: absolutePath.optional(),
  certFile: absolutePath.optional(),
  keyFile: absolutePath.optional(),
  /** `auto` takes KVM where the host offers it. `tcg` emulates, for hosts whose KVM is offered but does not work. */
  accelerator: z.enum(['auto', 'kvm', 'tcg']).default('auto'),
  /** The storage pool for images and disks; made as a directory under `poolPath` when it is missing. */
  pool: plainName.default('hypergate'),
  poolPath: absolutePath.default('/var/lib/libvirt/hypergate'),
  /** QEMU's machine type. */
  machine: plainName.default('q35'),
  /** How long a guest may take to comply with a graceful stop or reboot, in milliseconds. */
  gracefulStopTimeoutMs: z.int().min(1_000).max(170_000).default(120_000),
  /** The limit for one ordinary call to the daemon, in milliseconds. */
  callTimeoutMs: z.int().min(1_000).max(600_000).default(30_000),
});

export type LibvirtConfig = z.output<typeof configSchema>;
