import { AppError } from '../../kernel';
import type { CallContext, Marker, Outcome, VmRef } from '../contract';
import type { Server } from './client';
import type { Cloud } from './cloud';
import { requireOwn } from './find-vm';
import type { FoundServer } from './map-server';
import { stateOf } from './map-power-state';
import { acceptWork } from './operations';

/** Nova is at work on the server, and takes little else until it has done. */
export function isBusy(server: Server): boolean {
  const { vmState, task } = stateOf(server);
  return task !== null || vmState === 'building';
}

/** Whatever Nova is at, by us or by others: the mutation looks again when it has done. */
export function waitUntilIdle<T>(cloud: Cloud, { server }: FoundServer, marker: Marker): Outcome<T> {
  return acceptWork(cloud, { server: server.id, marker, target: { kind: 'IDLE' }, then: 'CONTINUE' });
}

/**
 * A conflict says that the state is not what it was a moment ago, or that somebody has locked the server. Where the state
 * has changed the mutation looks again: what is under way, or has been done, may be the very thing that is wanted.
 * @throws NOT_FOUND, FAILED_PRECONDITION
 */
export async function afterConflict<T>(
  cloud: Cloud,
  before: FoundServer,
  ref: VmRef,
  conflict: unknown,
  context: CallContext,
): Promise<Outcome<T>> {
  const vm = await requireOwn(cloud, ref, context);
  const hasChanged = stateOf(vm.server).vmState !== stateOf(before.server).vmState;
  if (hasChanged || isBusy(vm.server)) return waitUntilIdle(cloud, vm, ref.marker);
  throw wrongState('The state of the VM on OpenStack does not allow this.', conflict);
}

export function wrongState(message: string, cause?: unknown): AppError {
  return new AppError('FAILED_PRECONDITION', message, { cause });
}
