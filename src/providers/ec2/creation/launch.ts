import type { BlockDeviceMapping, Instance, RunInstancesCommandInput, Tag } from '@aws-sdk/client-ec2';
import type { CallContext, VmSpec } from '../../contract';
import type { Ec2Account } from '../account';
import { isFault } from '../client';
import { stillBusy } from '../errors';
import { launchToken } from '../identity';
import type { Image } from '../map-image';
import { allByMarker } from '../find-vm';
import { isGone } from '../instances';
import { NETWORK_TAG, labelTags, markerTags, nameTag, tagged } from '../map-marker';
import type { Place } from './place';

/** All that a launch is made of. */
export interface LaunchParts {
  readonly spec: VmSpec;
  readonly image: Image;
  readonly place: Place;
  readonly instanceType: string;
  readonly keyName: string | null;
  /** In Base64. */
  readonly userData: string;
}

/** More instances of one VM than that have never died in its making. */
const MOST_PREDECESSORS = 10;

/**
 * Launches the instance, once however often it is called: EC2 knows it by its token.
 * @param predecessor the id of the last one that is gone, if any
 */
export async function launch(
  account: Ec2Account,
  parts: LaunchParts,
  predecessor: string | null,
  context: CallContext,
): Promise<string> {
  let last = predecessor;
  for (let count = 0; count < MOST_PREDECESSORS; count += 1) {
    const instance = await runInstance(account, parts, last, context);
    if (instance.InstanceId === undefined) break;
    // The answer to a token may be an instance that is gone already: then another one is launched in its place.
    if (!isGone(instance)) return instance.InstanceId;
    last = instance.InstanceId;
  }
  throw stillBusy();
}

async function runInstance(
  account: Ec2Account,
  parts: LaunchParts,
  predecessor: string | null,
  context: CallContext,
): Promise<Instance> {
  const input = launchInput(parts, predecessor);
  try {
    const made = await account.line.send(context.signal, (sdk) => new sdk.RunInstancesCommand(input));
    return made.Instances?.[0] ?? {};
  } catch (error) {
    if (isFault(error, 'IdempotentInstanceTerminated')) {
      // It may have left the listings: then the next token follows from this one.
      return (await lastMade(account, parts, predecessor, context)) ?? nextAfter(predecessor);
    }
    if (!isFault(error, 'IdempotentParameterMismatch')) throw error;
    // It was launched before, by somebody who chose another type or wrote other tags.
    const made = await lastMade(account, parts, predecessor, context);
    if (made === null) throw stillBusy(error);
    return made;
  }
}

/** The living one, else the last that is gone; null when nothing shows that came after the predecessor. */
async function lastMade(
  account: Ec2Account,
  { spec }: LaunchParts,
  predecessor: string | null,
  context: CallContext,
): Promise<Instance | null> {
  const made = await allByMarker(account, spec.marker, context);
  const found = made.find(({ instance }) => !isGone(instance)) ?? made.at(-1);
  return found === undefined || found.id === predecessor ? null : found.instance;
}

function nextAfter(predecessor: string | null): Instance {
  return { InstanceId: `after ${predecessor ?? 'the first'}`, State: { Name: 'terminated' } };
}

function launchInput(parts: LaunchParts, predecessor: string | null): RunInstancesCommandInput {
  const { spec, image, place, instanceType, keyName, userData } = parts;
  return {
    ClientToken: launchToken(spec.marker, predecessor),
    MinCount: 1,
    MaxCount: 1,
    ImageId: image.id,
    InstanceType: instanceType as RunInstancesCommandInput['InstanceType'],
    SubnetId: place.subnetId,
    ...(place.groupId !== null && { SecurityGroupIds: [place.groupId] }),
    ...(keyName !== null && { KeyName: keyName }),
    ...(userData !== '' && { UserData: userData }),
    BlockDeviceMappings: disksOf(image, spec.diskGib),
    // Without a token of its own no request from within the guest may read what it was made with.
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
    TagSpecifications: tagged(tagsOf(parts), 'instance', 'volume', 'network-interface'),
  };
}

function tagsOf({ spec, place }: LaunchParts): Tag[] {
  const network = place.networkId === null ? [] : [{ Key: NETWORK_TAG, Value: place.networkId }];
  return [...markerTags(spec.marker), nameTag(spec.name), ...network, ...labelTags(spec.labels)];
}

/** All go with the VM, whatever the image says. */
function disksOf({ rootDevice, otherDevices }: Image, diskGib: number): BlockDeviceMapping[] {
  return [
    { DeviceName: rootDevice, Ebs: { VolumeSize: diskGib, VolumeType: 'gp3', DeleteOnTermination: true } },
    ...otherDevices.map((device) => ({ DeviceName: device, Ebs: { DeleteOnTermination: true } })),
  ];
}
