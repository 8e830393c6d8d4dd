import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { FilterFields } from '../model/filters';
import { list } from '../model/listing';
import type { Image } from '../model/records';
import type { World } from '../model/world';
import { imageView } from './image-view';

const FILTERS: FilterFields<Image> = {
  'image-id': ({ id }) => id,
  name: ({ name }) => name,
  description: ({ description }) => description,
  architecture: ({ architecture }) => architecture,
  'owner-id': ({ ownerId }) => ownerId,
  'owner-alias': ({ ownerAlias }) => ownerAlias,
  'is-public': ({ isPublic }) => isPublic,
  state: ({ state }) => state,
  'image-type': () => 'machine',
  'root-device-type': () => 'ebs',
  'root-device-name': ({ rootDeviceName }) => rootDeviceName,
  'virtualization-type': () => 'hvm',
  hypervisor: () => 'xen',
  'ena-support': () => true,
  platform: () => null,
  'platform-details': () => 'Linux/UNIX',
  'creation-date': ({ createdAt }) => new Date(createdAt).toISOString(),
  'block-device-mapping.snapshot-id': ({ disks }) => disks.map(({ snapshotId }) => snapshotId),
  'block-device-mapping.volume-size': ({ disks }) => disks.map(({ sizeGib }) => String(sizeGib)),
  'block-device-mapping.volume-type': ({ disks }) => disks.map(({ volumeType }) => volumeType),
};

export function describeImages(world: World, parameters: Parameters): XmlObject {
  const owners = parameters
    .list('Owner')
    .map((owner) => (owner === 'self' ? world.options.accountId : owner));
  const isListed = ({ ownerId, ownerAlias }: Image): boolean =>
    owners.length === 0 || owners.includes(ownerId) || (ownerAlias !== null && owners.includes(ownerAlias));
  const listing = { kind: 'image', idParameter: 'ImageId', filters: FILTERS, isListed } as const;
  const { items, nextToken } = list(world, parameters, listing);
  return { imagesSet: items.map((image) => imageView(image)), nextToken };
}
