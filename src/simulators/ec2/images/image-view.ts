import type { Image } from '../model/records';
import { tagSet } from '../tags/tag-specifications';
import type { XmlObject } from '../wire/xml';

export function imageView(image: Image): XmlObject {
  return {
    imageId: image.id,
    imageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`,
    imageState: image.state,
    imageOwnerId: image.ownerId,
    imageOwnerAlias: image.ownerAlias,
    creationDate: new Date(image.createdAt),
    isPublic: image.isPublic,
    architecture: image.architecture,
    imageType: 'machine',
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
    sriovNetSupport: 'simple',
    enaSupport: true,
    name: image.name,
    description: image.description,
    rootDeviceType: 'ebs',
    rootDeviceName: image.rootDeviceName,
    blockDeviceMapping: image.disks.map((disk) => ({
      deviceName: disk.deviceName,
      ebs: {
        snapshotId: disk.snapshotId,
        volumeSize: disk.sizeGib,
        deleteOnTermination: disk.deleteOnTermination,
        volumeType: disk.volumeType,
        iops: disk.iops,
        throughput: disk.throughput,
        encrypted: false,
      },
    })),
    virtualizationType: 'hvm',
    hypervisor: 'xen',
    bootMode: image.architecture === 'arm64' ? 'uefi' : 'uefi-preferred',
    tagSet: tagSet(image.tags),
  };
}
