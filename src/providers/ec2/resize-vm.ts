import { AppError } from '../../kernel';
import { done, ownerKey } from '../contract';
import type { CallContext, Outcome, VmObservation, VmRef, VmSize } from '../contract';
import type { Ec2Account } from './account';
import { chooseType, fits } from './choose-type';
import type { LeastSize } from './choose-type';
import { isFault } from './client';
import { stillBusy } from './errors';
import { requireOwn } from './find-vm';
import { observe, rootVolumeId, stateOf } from './instances';
import type { InventoryInstance } from './instances';
import { accept, volumeChange } from './operations';
import { wrongState } from './power';

/** What a resize has to change; null where it is so already. */
interface Change {
  readonly instanceType: string | null;
  readonly diskGib: number | null;
}

/**
 * The type and the disk are two requests of EC2. All that can be refused is before the first; and should the second be
 * refused nevertheless, the type is set back.
 */
export function resizeVm(
  account: Ec2Account,
  ref: VmRef,
  size: VmSize,
  context: CallContext,
): Promise<Outcome<VmObservation>> {
  return account.locks.run(ownerKey(ref.marker), async () => {
    const vm = await requireOwn(account, ref, context);
    const change = await plan(account, vm, size, context);
    if (change.instanceType === null && change.diskGib === null) return done(observe(vm));
    if (change.instanceType !== null) await setType(account, vm, change.instanceType, context);
    try {
      if (change.diskGib !== null) await grow(account, vm, change.diskGib, context);
    } catch (error) {
      if (change.instanceType !== null) await setType(account, vm, vm.instance.InstanceType ?? '', context);
      throw error;
    }
    return accept(account, 'resize', { vm: vm.id, marker: ref.marker, ...change });
  });
}

async function plan(
  account: Ec2Account,
  vm: InventoryInstance,
  size: VmSize,
  context: CallContext,
): Promise<Change> {
  const { diskGib = vm.diskGib } = size;
  if (diskGib < vm.diskGib) throw shrinks(vm.diskGib);
  const instanceType = await typeFor(account, vm, size, context);
  if (instanceType !== null && stateOf(vm.instance) !== 'stopped')
    throw wrongState('Processors and memory change only while it is stopped.');
  const grows = diskGib > vm.diskGib;
  if (grows && (await isBeingChanged(account, vm, context)))
    throw wrongState('The disk is still being changed on EC2.');
  return { instanceType, diskGib: grows ? diskGib : null };
}

function shrinks(diskGib: number): AppError {
  return new AppError('INVALID_ARGUMENT', `diskGib: a disk does not shrink; it has ${diskGib} GiB.`, {
    details: { field: 'size.diskGib' },
  });
}

/** What is not named does not get smaller. Null where the type may stay. */
async function typeFor(
  { types }: Ec2Account,
  vm: InventoryInstance,
  { cpuCount, memoryMib }: VmSize,
  { signal }: CallContext,
): Promise<string | null> {
  if (cpuCount === undefined && memoryMib === undefined) return null;
  const least = { cpuCount: cpuCount ?? vm.cpuCount, memoryMib: memoryMib ?? vm.memoryMib };
  const type = chooseType(await types.allowed(signal), least, vm.instance.Architecture ?? 'x86_64');
  if (fits(vm, least) && (type === null || isAsSmall(vm, type))) return null;
  if (type !== null) return type.name;
  throw new AppError('INVALID_ARGUMENT', 'No instance type that this backend may use is large enough.', {
    details: { field: cpuCount === undefined ? 'size.memoryMib' : 'size.cpuCount' },
  });
}

/** The VM may have been given a type that is no longer among those that VMs may get. */
function isAsSmall(vm: LeastSize, type: LeastSize): boolean {
  return vm.cpuCount <= type.cpuCount && vm.memoryMib <= type.memoryMib;
}

async function isBeingChanged(
  account: Ec2Account,
  { instance }: InventoryInstance,
  context: CallContext,
): Promise<boolean> {
  const state = await volumeChange(account, rootVolumeId(instance) ?? '', context);
  return state === 'modifying' || state === 'optimizing';
}

async function setType(
  { line }: Ec2Account,
  { id }: InventoryInstance,
  type: string,
  { signal }: CallContext,
): Promise<void> {
  const input = { InstanceId: id, InstanceType: { Value: type } };
  try {
    await line.send(signal, (sdk) => new sdk.ModifyInstanceAttributeCommand(input));
  } catch (error) {
    throw isFault(error, 'IncorrectInstanceState') ? stillBusy(error) : error;
  }
}

async function grow(
  { line }: Ec2Account,
  { instance }: InventoryInstance,
  diskGib: number,
  { signal }: CallContext,
): Promise<void> {
  const volume = rootVolumeId(instance);
  if (volume === undefined) throw stillBusy();
  const input = { VolumeId: volume, Size: diskGib };
  await line.send(signal, (sdk) => new sdk.ModifyVolumeCommand(input));
}
