import type { Image as SdkImage } from '@aws-sdk/client-ec2';
import { invalidArgument } from '../../kernel';
import type { CallContext, ImageObservation } from '../contract';
import type { Ec2Account } from './account';
import { filter } from './map-marker';

/** A machine image that VMs can be made of. */
export interface Image {
  readonly id: string;
  readonly name: string;
  /** For example `x86_64`. */
  readonly architecture: string;
  readonly rootDevice: string;
  /** Of the root volume. */
  readonly diskGib: number;
  /** Devices of the volumes that VMs get besides the root. */
  readonly otherDevices: readonly string[];
}

export async function resolveImage(
  account: Ec2Account,
  imageRef: string,
  context: CallContext,
): Promise<ImageObservation | null> {
  const image = await findImage(account, imageRef, context);
  return image && { externalId: image.id, name: image.name, minDiskGib: image.diskGib };
}

/** @throws INVALID_ARGUMENT when there is no such image */
export async function requireImage(account: Ec2Account, id: string, context: CallContext): Promise<Image> {
  const image = await findImage(account, id, context);
  if (image === null) throw invalidArgument('spec.imageExternalId', 'EC2 has no such image.');
  return image;
}

async function findImage(account: Ec2Account, id: string, { signal }: CallContext): Promise<Image | null> {
  return account.images.get(id, async () => {
    // By a filter, to which an id of the wrong form is one that there is not.
    const input = { Filters: [filter('image-id', id)] };
    const answer = await account.line.send(signal, (sdk) => new sdk.DescribeImagesCommand(input));
    return imageOf(answer.Images?.[0]);
  });
}

/** Null for what is not ready, and for an image whose root is no volume: its disk could not be sized. */
function imageOf(image: SdkImage | undefined): Image | null {
  const { ImageId, State, RootDeviceName, BlockDeviceMappings = [] } = image ?? {};
  const volumes = BlockDeviceMappings.filter(({ Ebs }) => Ebs !== undefined);
  const root = volumes.find(({ DeviceName }) => DeviceName === RootDeviceName);
  if (!ImageId || State !== 'available' || RootDeviceName === undefined || root === undefined) return null;
  return {
    id: ImageId,
    name: image?.Name ?? ImageId,
    architecture: image?.Architecture ?? 'x86_64',
    rootDevice: RootDeviceName,
    diskGib: root.Ebs?.VolumeSize ?? 1,
    otherDevices: volumes.flatMap(({ DeviceName }) =>
      DeviceName === undefined || DeviceName === RootDeviceName ? [] : [DeviceName],
    ),
  };
}
