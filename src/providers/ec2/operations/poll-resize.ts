import { AppError, notFound } from '../../../kernel';
import type { CallContext, OperationProgress, VmObservation } from '../../contract';
import type { Ec2Account } from '../account';
import { findOwn } from '../find-vm';
import { observe, rootVolumeId } from '../instances';
import { inGrace, running } from './accept';
import type { ResizePlan } from './stored';
import { volumeChange } from './volume-change';

/**
 * Over when EC2 shows it. A volume has its new size as soon as EC2 begins to optimise it, which may take hours more and is
 * of no interest.
 */
export async function pollResize(
  account: Ec2Account,
  plan: ResizePlan,
  context: CallContext,
): Promise<OperationProgress<VmObservation>> {
  const vm = await findOwn(account, { externalId: plan.vm, marker: plan.marker }, context);
  if (vm === null) return { state: 'FAILED', error: notFound('VM', plan.marker.objectId) };
  const isGrown = plan.diskGib === null || vm.diskGib >= plan.diskGib;
  const isReshaped = plan.instanceType === null || vm.instance.InstanceType === plan.instanceType;
  if (isGrown && isReshaped) return { state: 'DONE', value: observe(vm) };
  const change = isGrown ? null : await volumeChange(account, rootVolumeId(vm.instance) ?? '', context);
  if (change === 'failed')
    return { state: 'FAILED', error: new AppError('INTERNAL', 'EC2 could not enlarge the disk.') };
  return change === 'modifying' || inGrace(account, plan) ? running(plan) : { state: 'LOST' };
}
