import { randomBytes } from 'node:crypto';
import type { Image, Instance, NetworkInterface, Tag, VolumeShape } from '../model/records';
import type { World } from '../model/world';
import { publicAddress, takeAddress } from '../networks/addresses';
import type { Subnet } from '../model/records';

/** A network interface that an instance is to have. */
export interface CardPlan {
  readonly deviceIndex: number;
  readonly subnet: Subnet;
  readonly groupIds: readonly string[];
  readonly privateIp: string | null;
  readonly wantsPublicIp: boolean;
  readonly description: string;
  readonly deleteOnTermination: boolean;
}

export interface DiskPlan extends VolumeShape {
  readonly deviceName: string;
  readonly snapshotId: string | null;
  readonly deleteOnTermination: boolean;
  readonly encrypted: boolean;
}

type InstanceFacts = Pick<
  Instance,
  | 'clientToken'
  | 'instanceType'
  | 'keyName'
  | 'userData'
  | 'disableApiTermination'
  | 'disableApiStop'
  | 'shutdownBehavior'
  | 'ebsOptimized'
  | 'monitoring'
  | 'metadataOptions'
>;

/** All that is known before the first instance is made; nothing of it can be refused any more. */
export interface LaunchPlan {
  readonly facts: InstanceFacts;
  readonly image: Image;
  /** The primary one first. */
  readonly cards: readonly CardPlan[];
  readonly disks: readonly DiskPlan[];
  readonly instanceTags: readonly Tag[];
  readonly volumeTags: readonly Tag[];
  readonly cardTags: readonly Tag[];
}

const PENDING = { code: 'pending', message: 'pending' };

/**
 * One instance with its volumes and network interfaces, pending.
 * @throws ApiError when the subnet has no address left
 */
export function launch(
  world: World,
  plan: LaunchPlan,
  { reservationId, launchIndex }: Pick<Instance, 'reservationId' | 'launchIndex'>,
): Instance {
  const now = world.now();
  const id = world.newId('i');
  const [primary] = plan.cards;
  if (primary === undefined) throw new TypeError('An instance has a network interface at least.');
  const instance: Instance = {
    ...plan.facts,
    id,
    sequence: world.nextSequence(),
    due: now + world.options.operationMs,
    tags: plan.instanceTags,
    reservationId,
    launchIndex,
    imageId: plan.image.id,
    architecture: plan.image.architecture,
    rootDeviceName: plan.image.rootDeviceName,
    subnetId: primary.subnet.id,
    vpcId: primary.subnet.vpcId,
    zone: primary.subnet.zone,
    state: 'pending',
    stateReason: PENDING,
    transitionReason: '',
    doomedBy: null,
    launchedAt: now,
    runningSince: null,
    volumes: plan.disks.map((disk) => ({
      deviceName: disk.deviceName,
      volumeId: newVolume(world, id, disk, primary.subnet.zone, plan.volumeTags),
      attachedAt: now,
      deleteOnTermination: disk.deleteOnTermination,
    })),
    interfaceIds: plan.cards.map((card) => newCard(world, id, card, plan.cardTags)),
  };
  world.tables.instance.put(instance, now);
  return instance;
}

function newVolume(
  world: World,
  instanceId: string,
  disk: DiskPlan,
  zone: string,
  tags: readonly Tag[],
): string {
  const { deviceName, deleteOnTermination: _ofTheAttachment, ...shape } = disk;
  const volume = {
    ...shape,
    id: world.newId('vol'),
    sequence: world.nextSequence(),
    due: null,
    tags,
    zone,
    createdAt: world.now(),
    attachment: { instanceId, deviceName },
    modification: null,
  };
  world.tables.volume.put(volume, world.now());
  return volume.id;
}

function newCard(world: World, instanceId: string, plan: CardPlan, tags: readonly Tag[]): string {
  const { subnet, privateIp, ...facts } = plan;
  const card: NetworkInterface = {
    ...facts,
    id: world.newId('eni'),
    sequence: world.nextSequence(),
    due: null,
    tags,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    privateIp: takeAddress(world, subnet, privateIp),
    publicIp: facts.wantsPublicIp ? publicAddress(world) : null,
    mac: `02:${randomBytes(5).toString('hex').match(/../g)?.join(':') ?? ''}`,
    sourceDestCheck: true,
    instanceId,
    attachmentId: world.newId('eni-attach'),
    attachedAt: world.now(),
  };
  world.tables['network-interface'].put(card, world.now());
  return card.id;
}
