import { AppError, crashPoint, invalidArgument, notFound } from '../../kernel';
import type { CallContext, VmObservation, VmSpec } from '../contract';
import type { NetworkRef } from './client';
import { findAny, observeAfter } from './find-vm';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { hostFacts, requireCpuCount } from './host-facts';
import type { MachineFacts } from './host-facts';
import { backendName, backendUuid, isUuid, macAddress, vmVolumeNames } from './identity';
import { inspectImage } from './images';
import type { Image } from './images';
import { domainXml } from './map-domain';
import type { DomainPlan } from './map-domain';
import { GIB } from './map-volume';
import { orNull } from './observe';
import { cloudInitImage } from './seed';
import { ensurePool } from './storage';
import type { FilePool } from './storage';
import { makeClone, makeConsoleLog, makeSeed } from './vm-volumes';

/**
 * The domain is defined last, when all that it names is complete: a domain that is there is a finished one,
 * and whoever died before is repeated from the start, finding its own volumes.
 */
export function createVm(host: LibvirtHost, spec: VmSpec, context: CallContext): Promise<VmObservation> {
  return host.locks.run(`vm ${backendUuid(spec.marker)}`, async () => {
    const uuid = backendUuid(spec.marker);
    const found = await findAny(host, { externalId: uuid, marker: spec.marker }, context);
    if (found !== null) {
      if (found.own) return observeAfter(host, found.domain, spec.marker, context);
      throw new AppError('ALREADY_EXISTS', 'The hypervisor has another VM in the place of this one.');
    }
    return build(host, spec, context);
  });
}

async function build(host: LibvirtHost, spec: VmSpec, context: CallContext): Promise<VmObservation> {
  const { marker } = spec;
  context.reportProgress(5, 'Preparing the storage pool');
  const pool = await ensurePool(host, context);
  const machine = await hostFacts(host, context);
  requireCpuCount(spec.cpuCount, machine);
  crashPoint('libvirt.createVm.pool');

  context.reportProgress(15, 'Checking the image');
  const image = await requireImage(host, spec, context);
  const networks = await requireNetworks(host, spec, context);

  context.reportProgress(30, 'Cloning the image');
  const names = vmVolumeNames(marker);
  await makeClone(host, pool, { name: names.disk, capacityBytes: spec.diskGib * GIB, image }, context);
  crashPoint('libvirt.createVm.disk');

  context.reportProgress(50, 'Writing the cloud-init seed');
  await makeSeed(host, pool, names.seed, cloudInitImage(seedOf(spec)), context);
  crashPoint('libvirt.createVm.seed');

  context.reportProgress(70, 'Preparing the console log');
  await makeConsoleLog(host, pool, names.console, context);
  crashPoint('libvirt.createVm.console');

  context.reportProgress(85, 'Defining the VM');
  const xml = domainXml(planOf(spec, { pool, image, networks, machine }));
  const domain = await host.client.domains.defineXml(xml, 0, ordinary(context));
  crashPoint('libvirt.createVm.define');

  context.reportProgress(95, 'Reading the VM back');
  return observeAfter(host, domain, marker, context);
}

async function requireImage(host: LibvirtHost, spec: VmSpec, context: CallContext): Promise<Image> {
  const image = await inspectImage(host, spec.imageExternalId, context);
  if (image === null)
    throw new AppError('FAILED_PRECONDITION', "The template's image is not on the hypervisor any more.");
  if (spec.diskGib * GIB < image.capacityBytes) {
    throw invalidArgument('diskGib', `the image needs at least ${Math.ceil(image.capacityBytes / GIB)} GiB.`);
  }
  return image;
}

function requireNetworks(host: LibvirtHost, spec: VmSpec, context: CallContext): Promise<NetworkRef[]> {
  return Promise.all(
    spec.networks.map(async ({ externalId }) => {
      const network = isUuid(externalId)
        ? await orNull(host.client.networks.lookupByUuid(externalId, ordinary(context)))
        : null;
      if (network === null) throw notFound('Network', externalId);
      return network;
    }),
  );
}

function seedOf(spec: VmSpec): Parameters<typeof cloudInitImage>[0] {
  return {
    instanceId: spec.marker.objectId,
    hostname: spec.hostname,
    sshKeys: spec.sshKeys,
    userData: spec.userData,
    macAddresses: spec.networks.map((_, index) => macAddress(spec.marker, index)),
  };
}

interface Parts {
  readonly pool: FilePool;
  readonly image: Image;
  readonly networks: readonly NetworkRef[];
  readonly machine: MachineFacts;
}

function planOf(spec: VmSpec, { pool, image, networks, machine }: Parts): DomainPlan {
  const { marker } = spec;
  const names = vmVolumeNames(marker);
  return {
    ownership: { marker, name: spec.name },
    labels: spec.labels,
    uuid: backendUuid(marker),
    name: backendName(marker),
    accelerator: machine.accelerator,
    arch: machine.arch,
    machine: machine.machine,
    cpuCount: spec.cpuCount,
    memoryMib: spec.memoryMib,
    diskPath: `${pool.directory}/${names.disk}`,
    image,
    seedPath: `${pool.directory}/${names.seed}`,
    consolePath: `${pool.directory}/${names.console}`,
    nics: networks.map((network, index) => ({
      macAddress: macAddress(marker, index),
      networkName: network.name,
    })),
  };
}
