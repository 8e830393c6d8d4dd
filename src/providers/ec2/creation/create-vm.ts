import { AppError, invalidArgument } from '../../../kernel';
import { composeUserData, done, ownerKey } from '../../contract';
import type { CallContext, Outcome, VmObservation, VmSpec } from '../../contract';
import type { Ec2Account } from '../account';
import { chooseType } from '../choose-type';
import { isFault } from '../client';
import { requireImage } from '../images';
import type { Image } from '../map-image';
import { allByMarker } from '../find-vm';
import { isGone, launchedAt, observe, stateOf } from '../instances';
import type { InventoryInstance } from '../instances';
import { MAX_LABELS } from '../map-marker';
import { accept } from '../operations';
import type { Pieces } from '../operations';
import { ensureKeyPair, keyOfPair } from './key-pair';
import { launch } from './launch';
import type { LaunchParts } from './launch';
import { findPlace } from './place';

type Answer = Promise<Outcome<VmObservation>>;

/** EC2's limit for user data, before it is put into Base64. */
const MAX_USER_DATA_BYTES = 16 * 1024;

/** One launch that makes it what it is to be, with its marker from the beginning. */
export function createVm(account: Ec2Account, spec: VmSpec, context: CallContext): Answer {
  // Two attempts at once in this process; those of other processes meet at the launch's token.
  return account.locks.run(ownerKey(spec.marker), async () => {
    const made = await allByMarker(account, spec.marker, context);
    const living = made.find(({ instance }) => !isGone(instance));
    if (living !== undefined) return answerFor(account, living, spec);
    return begin(account, spec, made.at(-1)?.id ?? null, context);
  });
}

function answerFor(account: Ec2Account, vm: InventoryInstance, { marker }: VmSpec): Outcome<VmObservation> {
  if (stateOf(vm.instance) !== 'pending') return done(observe(vm));
  return accept(account, 'launch', { vm: vm.id, marker }, launchedAt(vm.instance));
}

async function begin(
  account: Ec2Account,
  spec: VmSpec,
  predecessor: string | null,
  context: CallContext,
): Answer {
  const { marker } = spec;
  // All that can be refused is, before anything is made.
  const userData = userDataOf(spec);
  requireFewLabels(spec);
  const image = await requireImage(account, spec.imageExternalId, context);
  requireRoom(image, spec);
  const instanceType = await requireType(account, image, spec, context);
  const place = await findPlace(account, spec, context);
  const keyName = await ensureKeyPair(account, marker, spec.sshKeys, context);
  const parts: LaunchParts = { spec, image, place, instanceType, keyName, userData };
  try {
    const vm = await launch(account, parts, predecessor, context);
    return accept(account, 'launch', { vm, marker });
  } catch (error) {
    forgetFacts(account, parts, error);
    const pieces = unseenPieces(parts, error);
    if (pieces === null) throw error;
    return accept(account, 'appearance', { pieces, marker });
  }
}

function userDataOf({ userData, hostname, sshKeys }: VmSpec): string {
  const handedOver = keyOfPair(sshKeys);
  const others = sshKeys.filter((key) => key !== handedOver);
  const text = Buffer.from(composeUserData({ userData, hostname, sshKeys: others }));
  if (text.length <= MAX_USER_DATA_BYTES) return text.toString('base64');
  throw invalidArgument('spec.userData', 'EC2 takes 16 KiB, host name and keys included.');
}

function requireFewLabels({ labels }: VmSpec): void {
  if (Object.keys(labels).length <= MAX_LABELS) return;
  throw invalidArgument('spec.labels', `EC2 takes ${MAX_LABELS} at most.`);
}

function requireRoom({ diskGib }: Image, spec: VmSpec): void {
  if (spec.diskGib >= diskGib) return;
  throw invalidArgument('spec.diskGib', `the image needs ${diskGib} GiB.`);
}

async function requireType(
  { types }: Ec2Account,
  { architecture }: Image,
  spec: VmSpec,
  { signal }: CallContext,
): Promise<string> {
  const type = chooseType(await types.allowed(signal), spec, architecture);
  if (type !== null) return type.name;
  throw new AppError('INVALID_ARGUMENT', 'No instance type that this backend may use is large enough.', {
    details: { field: 'spec.cpuCount' },
  });
}

/** What was known is no longer so, and is asked for again the next time. */
function forgetFacts(account: Ec2Account, { spec, image }: LaunchParts, error: unknown): void {
  if (isFault(error, 'InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable')) account.images.forget(image.id);
  if (isFault(error, 'InvalidSubnetID.NotFound'))
    account.subnets.forget(spec.networks[0]?.externalId ?? 'none');
  if (isFault(error, 'InvalidGroup.NotFound')) account.groups.clear();
}

/** What was made a moment ago, and the launch does not see yet; null when it failed for something else. */
function unseenPieces({ place, keyName }: LaunchParts, error: unknown): Pieces | null {
  if (isFault(error, 'InvalidKeyPair.NotFound') && keyName !== null) return { keyPairs: [keyName] };
  if (isFault(error, 'InvalidGroup.NotFound') && place.groupId !== null) return { groups: [place.groupId] };
  return null;
}
