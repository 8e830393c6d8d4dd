import type { Image as SdkImage } from '@aws-sdk/client-ec2';

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

/** Null for what is not ready, and for an image whose root is no volume: its disk could not be sized. */
export function imageOf(image: SdkImage): Image | null {
  const { ImageId, State, RootDeviceName, Architecture, BlockDeviceMappings = [] } = image;
  const volumes = BlockDeviceMappings.filter(({ Ebs }) => Ebs !== undefined);
  const root = volumes.find(({ DeviceName }) => DeviceName === RootDeviceName);
  if (!ImageId || State !== 'available' || RootDeviceName === undefined || root === undefined) return null;
  return {
    id: ImageId,
    name: image.Name ?? ImageId,
    architecture: Architecture ?? 'x86_64',
    rootDevice: RootDeviceName,
    diskGib: root.Ebs?.VolumeSize ?? 1,
    otherDevices: volumes.flatMap(({ DeviceName = RootDeviceName }) =>
      DeviceName === RootDeviceName ? [] : [DeviceName],
    ),
  };
}
