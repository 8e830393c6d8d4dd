import { AppError, invalidArgument } from '../../kernel';
import type { BackendProbe, CallContext } from '../contract';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { readHostFacts } from './map-host';
import { GIB } from './map-volume';
import { orNull } from './observe';

/** Beyond this QEMU wants an interrupt controller that not every guest can drive. */
const MAX_CPUS = 255;

/** What decides how a guest is built on this host. */
export interface MachineFacts {
  readonly arch: string;
  readonly machine: string;
  readonly accelerator: 'kvm' | 'tcg';
  readonly maxCpus: number;
}

/** @throws FAILED_PRECONDITION where the host cannot run what the configuration asks for */
export async function hostFacts(host: LibvirtHost, context: CallContext): Promise<MachineFacts> {
  const { accelerator: wanted, machine } = host.config;
  const { arch, kvm, machines } = readHostFacts(await host.client.host.getCapabilities(ordinary(context)));
  if (arch !== 'x86_64')
    throw new AppError('FAILED_PRECONDITION', `Hosts of the architecture ${arch} are not supported.`);
  if (wanted === 'kvm' && !kvm)
    throw new AppError('FAILED_PRECONDITION', 'The hypervisor has no hardware acceleration.');
  const maxCpus = machines.get(machine);
  if (maxCpus === undefined)
    throw new AppError('FAILED_PRECONDITION', 'The hypervisor has no machine of the configured type.');
  const accelerator = wanted === 'auto' ? (kvm ? 'kvm' : 'tcg') : wanted;
  return { arch, machine, accelerator, maxCpus: Math.min(maxCpus, MAX_CPUS) };
}

/** @throws INVALID_ARGUMENT */
export function requireCpuCount(cpuCount: number, { maxCpus }: MachineFacts): void {
  if (cpuCount > maxCpus)
    throw invalidArgument('cpuCount', `this backend gives a VM at most ${maxCpus} processors.`);
}

/** Only reads: what the pool would offer is not known before it is there. */
export async function probe(host: LibvirtHost, context: CallContext): Promise<BackendProbe> {
  const { client, config } = host;
  const call = ordinary(context);
  const [type, version, library, node, freeBytes, pool] = await Promise.all([
    client.host.getType(call),
    client.host.getVersion(call),
    client.host.getLibVersion(call),
    client.host.nodeGetInfo(call),
    client.host.nodeGetFreeMemory(call),
    orNull(client.pools.lookupByName(config.pool, call)),
  ]);
  const storage = pool && (await orNull(client.pools.getInfo(pool, call)));
  return {
    version: `${type} ${version.text} on libvirt ${library.text}`,
    capacity: {
      cpuCount: node.cpus,
      memoryMib: Math.floor(node.memoryKib / 1024),
      freeMemoryMib: Math.floor(freeBytes / 2 ** 20),
      storageGib: storage ? Math.floor(storage.capacityBytes / GIB) : null,
      freeStorageGib: storage ? Math.floor(storage.availableBytes / GIB) : null,
    },
  };
}
