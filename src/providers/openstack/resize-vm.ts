import { invalidArgument } from '../../kernel';
import { done } from '../contract';
import type { CallContext, Outcome, VmObservation, VmRef, VmSize } from '../contract';
import { afterConflict, isBusy, waitUntilIdle, wrongState } from './busy';
import type { Flavor, Server } from './client';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
import { observed, requireOwn } from './find-vm';
import { chooseFlavor } from './flavors';
import { powerStateOf, stateOf } from './map-power-state';
import type { FoundServer } from './map-server';
import { acceptWork } from './operations';
import { actualSize, merged, requestedSize, sameSize, sizeMetadata } from './requested-size';
import { settleResize } from './resize-settling';

type Answer = Promise<Outcome<VmObservation>>;

/**
 * In stages: Nova makes the server anew with the other flavor, waits for that to be confirmed, and removes the old one.
 * What was asked for is recorded last. Each call looks how far Nova is, so that any process goes on.
 */
export async function resizeVm(cloud: Cloud, ref: VmRef, size: VmSize, context: CallContext): Answer {
  const vm = await requireOwn(cloud, ref, context);
  const { server } = vm;
  refuseSmallerDisk(server, size);
  if (isResizing(server)) return acceptResize(cloud, vm, ref);
  const flavor = chooseFlavor(await cloud.flavors.flavors(context), wantedSize(server, size), 'size');
  const hasIt = sameSize(actualSize(server), sizeOf(flavor));
  if (stateOf(server).vmState === 'resized')
    return settleResize(cloud, vm, ref.marker, context, hasIt ? 'CONFIRM' : 'REVERT');
  if (hasIt) return record(cloud, vm, size, context);
  if (isBusy(server)) return waitUntilIdle(cloud, vm, ref.marker);
  if (powerStateOf(server) !== 'POWERED_OFF') throw wrongState('Sizes change only while it is stopped.');
  return begin(cloud, vm, ref, flavor, context);
}

/** @throws INVALID_ARGUMENT */
function refuseSmallerDisk(server: Server, { diskGib }: VmSize): void {
  const least = Math.min(requestedSize(server).diskGib, server.flavor.disk);
  if (diskGib !== undefined && diskGib < least)
    throw invalidArgument('size.diskGib', `a disk does not shrink; it was made of at least ${least} GiB.`);
}

/**
 * What the flavor has to have: what is named, and for the rest what there is. A flavor chosen so has it still when the
 * same is asked for again, so that the repetition chooses it too.
 */
function wantedSize(server: Server, size: VmSize) {
  const actual = actualSize(server);
  const wanted = merged(actual, size);
  return { ...wanted, diskGib: Math.max(wanted.diskGib, actual.diskGib) };
}

function sizeOf({ vcpus, ram, disk }: Flavor) {
  return { cpuCount: vcpus, memoryMib: ram, diskGib: disk };
}

function isResizing(server: Server): boolean {
  return server.status === 'RESIZE';
}

async function begin(
  cloud: Cloud,
  vm: FoundServer,
  ref: VmRef,
  flavor: Flavor,
  context: CallContext,
): Answer {
  try {
    await cloud.client.compute.servers.act(vm.server.id, { resize: { flavorRef: flavor.id } }, context);
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
    return afterConflict(cloud, vm, ref, error, context);
  }
  return acceptResize(cloud, vm, ref);
}

function acceptResize(cloud: Cloud, { server }: FoundServer, { marker }: VmRef): Outcome<VmObservation> {
  return acceptWork(cloud, { server: server.id, marker, target: { kind: 'RESIZED' }, then: 'CONTINUE' });
}

async function record(cloud: Cloud, vm: FoundServer, size: VmSize, context: CallContext): Answer {
  const requested = requestedSize(vm.server);
  const asked = merged(requested, size);
  if (!sameSize(asked, requested))
    await cloud.client.compute.servers.setMetadata(vm.server.id, sizeMetadata(asked), context);
  return done(await observed(cloud, vm, context));
}
