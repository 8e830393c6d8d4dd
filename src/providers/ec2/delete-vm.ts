import { notFound } from '../../kernel';
import { done, ownerKey } from '../contract';
import type { CallContext, Outcome, VmRef } from '../contract';
import type { Ec2Account } from './account';
import { isFault, isNotFound } from './client';
import { stillBusy } from './errors';
import { deleteKeyPair } from './creation';
import { allByMarker } from './find-vm';
import { carries, isGone, stateOf } from './instances';
import type { InventoryInstance } from './instances';
import { accept } from './operations';

/**
 * Removes every instance that carries the marker, with its volumes and cards, which EC2 removes with it, and its key pair.
 * One that is on its way out already is waited for.
 */
export function deleteVm(account: Ec2Account, ref: VmRef, context: CallContext): Promise<Outcome<null>> {
  const { marker } = ref;
  return account.locks.run(ownerKey(marker), async () => {
    const found = await allOf(account, ref, context);
    const living = found.filter(({ instance }) => !isGone(instance));
    if (living.length > 0) await terminate(account, living, context);
    await deleteKeyPair(account, marker, context);
    const left = found.filter(({ instance }) => stateOf(instance) !== 'terminated');
    if (left.length === 0) return done(null);
    return accept<null, 'termination'>(account, 'termination', { vms: left.map(({ id }) => id), marker });
  });
}

/** By the id too, which listings may not show yet under its tags. @throws NOT_FOUND for what is somebody else's */
async function allOf(
  account: Ec2Account,
  { externalId, marker }: VmRef,
  context: CallContext,
): Promise<readonly InventoryInstance[]> {
  const byMarker = await allByMarker(account, marker, context);
  if (externalId === '' || byMarker.some(({ id }) => id === externalId)) return byMarker;
  const vm = await account.instances.byId(externalId, context.signal);
  if (vm === null || isGone(vm.instance)) return byMarker;
  if (!carries(vm, marker)) throw notFound('VM', marker.objectId);
  return [...byMarker, vm];
}

async function terminate(
  { line }: Ec2Account,
  vms: readonly InventoryInstance[],
  { signal }: CallContext,
): Promise<void> {
  const input = { InstanceIds: vms.map(({ id }) => id) };
  try {
    await line.send(signal, (sdk) => new sdk.TerminateInstancesCommand(input));
  } catch (error) {
    // Somebody else has removed one of several meanwhile, for which EC2 refuses all.
    if (isNotFound(error)) throw stillBusy(error);
    throw isFault(error, 'IncorrectInstanceState') ? stillBusy(error) : error;
  }
}
