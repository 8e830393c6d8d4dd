import { invalidArgument } from '../../kernel';
import type { CallContext, ImageObservation } from '../contract';
import type { Ec2Account } from './account';
import { imageOf } from './map-image';
import type { Image } from './map-image';
import { filter } from './map-marker';

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
    const found = answer.Images?.[0];
    return found === undefined ? null : imageOf(found);
  });
}
