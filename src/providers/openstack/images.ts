import type { CallContext, ImageObservation } from '../contract';
import type { Image } from './client';
import type { Cloud } from './cloud';

const GIB = 1024 ** 3;
const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** An image by its id or its name; the newest where several have the name. Only those that servers can be made of. */
export async function resolveImage(
  cloud: Cloud,
  imageRef: string,
  context: CallContext,
): Promise<ImageObservation | null> {
  const image = (await findById(cloud, imageRef, context)) ?? (await findByName(cloud, imageRef, context));
  return image && observeImage(image, imageRef);
}

async function findById({ client }: Cloud, id: string, context: CallContext): Promise<Image | null> {
  if (!UUID.test(id)) return null;
  const image = await client.image.get(id, context);
  return image?.status === 'active' ? image : null;
}

async function findByName({ client }: Cloud, name: string, context: CallContext): Promise<Image | null> {
  const found = await client.image.list({ name, status: 'active' }, context);
  // The newest first. Glance takes "in:" at the beginning of a name for a list of names.
  return found.find((image) => image.name === name) ?? null;
}

/** The disk has to hold what the image demands, and what is in it. */
export function observeImage(
  { id, name, min_disk, size, virtual_size }: Image,
  imageRef: string,
): ImageObservation {
  const bytes = Math.max(size ?? 0, virtual_size ?? 0);
  return {
    externalId: id,
    name: name ?? imageRef,
    minDiskGib: Math.max(1, min_disk, Math.ceil(bytes / GIB)),
  };
}
