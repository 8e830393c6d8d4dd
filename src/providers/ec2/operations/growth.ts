import { AppError, notFound } from '../../../kernel';
import type { CallContext, OperationProgress, VmObservation } from '../../contract';
import type { Ec2Account } from '../account';
import { findOwn } from '../find-vm';
import { observe } from '../instances';
import { filter } from '../map-marker';
import { inGrace, running } from './accept';
import type { GrowthPlan } from './stored';

/**
 * A volume has its new size as soon as EC2 begins to optimise it, which may take hours more and is of no interest.
 */
export async function pollGrowth(
  account: Ec2Account,
  plan: GrowthPlan,
  context: CallContext,
): Promise<OperationProgress<VmObservation>> {
  const vm = await findOwn(account, { externalId: plan.vm, marker: plan.marker }, context);
  if (vm === null) return { state: 'FAILED', error: notFound('VM', plan.marker.objectId) };
  if (vm.diskGib >= plan.diskGib) return { state: 'DONE', value: observe(vm) };
  const state = await modificationOf(account, plan.volume, context);
  if (state === 'failed')
    return { state: 'FAILED', error: new AppError('INTERNAL', 'EC2 could not enlarge the disk.') };
  return state === null && !inGrace(account, plan) ? { state: 'LOST' } : running(plan);
}

/** The state of a volume's last change: `modifying`, `optimizing`, `completed`, `failed`; null when there was none. */
export async function modificationOf(
  { line }: Ec2Account,
  volume: string,
  { signal }: CallContext,
): Promise<string | null> {
  const input = { Filters: [filter('volume-id', volume)] };
  const answer = await line.send(signal, (sdk) => new sdk.DescribeVolumesModificationsCommand(input));
  return answer.VolumesModifications?.[0]?.ModificationState ?? null;
}
