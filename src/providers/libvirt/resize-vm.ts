import { AppError, invalidArgument } from '../../kernel';
import type { CallContext, VmObservation, VmRef, VmSize } from '../contract';
import { DOMAIN_AFFECT, DOMAIN_MEM_MAXIMUM, DOMAIN_VCPU_MAXIMUM } from './client';
import type { DomainRef } from './client';
import { observeAfter, requireOwn } from './find-vm';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { hostFacts, requireCpuCount } from './host-facts';
import { vmVolumeNames } from './identity';
import { FIRST_DISK } from './map-domain';
import { GIB } from './map-volume';

/** Everything is checked before anything is changed; the disk comes last, because it cannot be taken back. */
export async function resizeVm(
  host: LibvirtHost,
  ref: VmRef,
  size: VmSize,
  context: CallContext,
): Promise<VmObservation> {
  const domain = await requireOwn(host, ref, context);
  const before = await observeAfter(host, domain, ref.marker, context);
  const wanted = { cpuCount: before.cpuCount, memoryMib: before.memoryMib, diskGib: before.diskGib, ...size };
  const grows = wanted.diskGib !== before.diskGib;
  const reshapes = wanted.cpuCount !== before.cpuCount || wanted.memoryMib !== before.memoryMib;
  if (wanted.diskGib < before.diskGib)
    throw invalidArgument('diskGib', `a disk cannot shrink; it has ${before.diskGib} GiB.`);
  if (reshapes && before.powerState !== 'POWERED_OFF')
    throw wrongState('Processors and memory change only while it is stopped.');
  if (grows && before.powerState === 'SUSPENDED')
    throw wrongState('The disk cannot grow under saved memory: resume or stop it first.');
  if (reshapes) requireCpuCount(wanted.cpuCount, await hostFacts(host, context));

  try {
    if (reshapes) await reshape(host, domain, wanted, context);
    if (grows) await growDisk(host, domain, ref, wanted.diskGib, context);
  } catch (error) {
    if (reshapes) await reshapeBack(host, domain, before);
    throw error;
  }
  return observeAfter(host, domain, ref.marker, context);
}

interface Shape {
  readonly cpuCount: number;
  readonly memoryMib: number;
}

/** Maximum and present value are the same, so that what the VM is called and what it has never differ. */
async function reshape(
  host: LibvirtHost,
  domain: DomainRef,
  { cpuCount, memoryMib }: Shape,
  context: { readonly signal: AbortSignal },
): Promise<void> {
  const { domains } = host.client;
  const call = ordinary(context);
  await domains.setVcpus(domain, cpuCount, DOMAIN_AFFECT.CONFIG | DOMAIN_VCPU_MAXIMUM, call);
  await domains.setVcpus(domain, cpuCount, DOMAIN_AFFECT.CONFIG, call);
  await domains.setMemory(domain, memoryMib * 1024, DOMAIN_AFFECT.CONFIG | DOMAIN_MEM_MAXIMUM, call);
  await domains.setMemory(domain, memoryMib * 1024, DOMAIN_AFFECT.CONFIG, call);
}

/** Without the caller's signal: also who gave up leaves the VM as it was. */
async function reshapeBack(host: LibvirtHost, domain: DomainRef, before: Shape): Promise<void> {
  try {
    await reshape(host, domain, before, { signal: new AbortController().signal });
  } catch (error) {
    host.logger.warn({ err: error, domain: domain.name }, 'libvirt: a failed resize could not be taken back');
  }
}

async function growDisk(
  host: LibvirtHost,
  domain: DomainRef,
  { marker }: VmRef,
  diskGib: number,
  context: CallContext,
): Promise<void> {
  const call = ordinary(context);
  if (await host.client.domains.isActive(domain, call)) {
    await host.client.domains.blockResize(domain, FIRST_DISK, diskGib * GIB, call);
    return;
  }
  const volume = { pool: host.config.pool, name: vmVolumeNames(marker).disk, key: '' };
  await host.client.volumes.resize(volume, diskGib * GIB, 0, call);
}

function wrongState(message: string): AppError {
  return new AppError('FAILED_PRECONDITION', message);
}
