import { AppError } from '../../kernel';
import type { CallContext, Marker, Outcome } from '../contract';
import type { MoRef } from './client';
import { isFault } from './errors';
import { nameSuffix } from './identity';
import { acceptTask } from './operations';
import { findPlace } from './placement';
import { isOpen } from './tasks';
import { findTenantFolder } from './tenant-place';
import type { VmMoRef } from './map-vm';
import type { Vcenter } from './vcenter';

/** A clone in the making: it has a name and no configuration, and so no marker that could be found. */
export interface Construction {
  readonly vm: VmMoRef;
  /** Null when nobody works on it any more. */
  readonly task: MoRef | null;
}

/** The clone that an earlier attempt of the same creation has begun; null when there is none. */
export async function findConstruction(
  vcenter: Vcenter,
  folder: MoRef,
  marker: Marker,
  { signal }: CallContext,
): Promise<Construction | null> {
  const suffix = nameSuffix(marker);
  const paths = ['name', 'config.uuid', 'recentTask'] as const;
  for await (const { ref, properties } of vcenter.client.retrieveContained(folder, 'VirtualMachine', paths, {
    signal,
  })) {
    if (properties.name?.endsWith(suffix) !== true || properties['config.uuid'] !== undefined) continue;
    return { vm: ref, task: await runningTask(vcenter, properties.recentTask ?? [], signal) };
  }
  return null;
}

async function runningTask(
  { client }: Vcenter,
  tasks: readonly MoRef[],
  signal: AbortSignal,
): Promise<MoRef | null> {
  const refs = tasks.map(({ value }): MoRef<'Task'> => ({ type: 'Task', value }));
  const read = await client.readMany(refs, ['info'], { signal });
  const open = refs.find(({ value }) => {
    const info = read.get(value)?.info;
    return info !== undefined && isOpen(info);
  });
  return open ?? null;
}

/** Ends a clone in the making, and with it what it has made so far; null when there is none. */
export async function cancelConstruction(
  vcenter: Vcenter,
  marker: Marker,
  context: CallContext,
): Promise<Outcome<null> | null> {
  const { signal } = context;
  const place = await findPlace(vcenter, context);
  const folder = await findTenantFolder(vcenter, place, marker.tenantId, context);
  const construction = folder && (await findConstruction(vcenter, folder, marker, context));
  if (!construction) return null;
  const { vm, task } = construction;
  if (task === null) {
    // Between the end of the task and the appearance of the configuration, or its disappearance.
    throw new AppError('UNAVAILABLE', 'vSphere is still working on the VM.');
  }
  try {
    await vcenter.client.call('CancelTask', task, {}, { signal });
  } catch (error) {
    // What cannot be cancelled, or has just ended, is waited for and then deleted.
    if (!isFault(error, 'NotSupported', 'InvalidState', 'MethodNotFound', 'ManagedObjectNotFound'))
      throw error;
  }
  return acceptTask(vcenter, task, { then: 'LOOK_AGAIN', marker, vm: vm.value }, context);
}
