import type { Filter, Instance, Volume } from '@aws-sdk/client-ec2';
import { Batcher } from '../batcher';
import type { Attempts } from '../client';
import type { InstanceTypes } from '../instance-types';
import type { Ec2Line } from '../line';
import { INSTALLATION_TAG, OBJECT_FILTER, filter } from '../map-marker';
import { allPages } from '../pages';
import { isGone, markerOfInstance, rootVolumeId } from './inventory-instance';
import type { InventoryInstance } from './inventory-instance';

/** EC2's limits: for the values of one filter, and for a page of instances and of volumes. */
const MAX_VALUES = 200;
const MAX_INSTANCES = 1_000;
const MAX_VOLUMES = 500;

/**
 * The one reader of instances. Ids go into a filter: EC2 answers with those that are there, where a list of ids would fail
 * as a whole for one that is not, or is not yet.
 */
export class InstanceReader {
  private readonly ids: Batcher<InventoryInstance>;
  private readonly objects: Batcher<readonly InventoryInstance[]>;

  constructor(
    private readonly line: Ec2Line,
    private readonly types: InstanceTypes,
  ) {
    this.ids = new Batcher(async (ids, signal) => {
      const found = await this.find([filter('instance-id', ...ids)], signal);
      return new Map(found.map((vm) => [vm.id, vm]));
    }, MAX_VALUES);
    this.objects = new Batcher(async (objects, signal) => {
      const found = await this.find([filter(OBJECT_FILTER, ...objects)], signal);
      return groupedByObject(found);
    }, MAX_VALUES);
  }

  /** Null when it is not there, or not yet. Those that are gone and still listed are told. */
  byId(id: string, signal: AbortSignal): Promise<InventoryInstance | null> {
    return this.ids.get(id, signal);
  }

  /** All that were made for one of our objects, gone or not. */
  async byObject(objectId: string, signal: AbortSignal): Promise<readonly InventoryInstance[]> {
    return (await this.objects.get(objectId, signal)) ?? [];
  }

  /** One page of those that meet the filters. @param pageToken of EC2 */
  async page(
    filters: Filter[],
    pageToken: string | null,
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly InventoryInstance[]; readonly nextPageToken: string | null }> {
    const observedAt = Date.now();
    const input = { Filters: filters, MaxResults: MAX_INSTANCES };
    const page = pageToken === null ? input : { ...input, NextToken: pageToken };
    const answer = await this.line.send(signal, (sdk) => new sdk.DescribeInstancesCommand(page));
    const instances = (answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
    const items = await this.complete(instances, await this.volumesOf(instances, signal), observedAt, signal);
    return { items, nextPageToken: answer.NextToken ? answer.NextToken : null };
  }

  /** All instances of all installations, in as few requests as it takes. Each is sent but once: whoever asks asks again. */
  async everything(signal: AbortSignal): Promise<readonly InventoryInstance[]> {
    const observedAt = Date.now();
    const filters = [filter('tag-key', INSTALLATION_TAG)];
    const [instances, volumes] = await Promise.all([
      this.describe(filters, signal, 'ONCE'),
      this.describeVolumes(filters, signal, 'ONCE'),
    ]);
    return this.complete(instances, volumes, observedAt, signal);
  }

  private async find(filters: Filter[], signal: AbortSignal): Promise<readonly InventoryInstance[]> {
    const observedAt = Date.now();
    const instances = await this.describe(filters, signal);
    return this.complete(instances, await this.volumesOf(instances, signal), observedAt, signal);
  }

  private async describe(filters: Filter[], signal: AbortSignal, attempts?: Attempts): Promise<Instance[]> {
    const input = { Filters: filters, MaxResults: MAX_INSTANCES };
    const pages = await allPages((page) =>
      this.line.send(signal, (sdk) => new sdk.DescribeInstancesCommand({ ...input, ...page }), attempts),
    );
    return pages.flatMap(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances));
  }

  private async volumesOf(instances: readonly Instance[], signal: AbortSignal): Promise<readonly Volume[]> {
    const ids = instances
      .filter((instance) => !isGone(instance))
      .flatMap((instance) => rootVolumeId(instance) ?? []);
    const parts = Array.from({ length: Math.ceil(ids.length / MAX_VALUES) }, (_none, index) =>
      ids.slice(index * MAX_VALUES, (index + 1) * MAX_VALUES),
    );
    const found = parts.map((part) => this.describeVolumes([filter('volume-id', ...part)], signal));
    return (await Promise.all(found)).flat();
  }

  private async describeVolumes(
    filters: Filter[],
    signal: AbortSignal,
    attempts?: Attempts,
  ): Promise<readonly Volume[]> {
    const input = { Filters: filters, MaxResults: MAX_VOLUMES };
    const pages = await allPages((page) =>
      this.line.send(signal, (sdk) => new sdk.DescribeVolumesCommand({ ...input, ...page }), attempts),
    );
    return pages.flatMap(({ Volumes = [] }) => Volumes);
  }

  private async complete(
    instances: readonly Instance[],
    volumes: readonly Volume[],
    observedAt: number,
    signal: AbortSignal,
  ): Promise<readonly InventoryInstance[]> {
    const sizes = new Map(volumes.map(({ VolumeId = '', Size = 0 }) => [VolumeId, Size]));
    return Promise.all(
      instances.map(async (instance) => ({
        id: instance.InstanceId ?? '',
        instance,
        marker: markerOfInstance(instance),
        ...(await this.sizeOf(instance, signal)),
        diskGib: sizes.get(rootVolumeId(instance) ?? '') ?? 0,
        observedAt,
      })),
    );
  }

  /** The processors may be fewer than the type has. */
  private async sizeOf({ InstanceType, CpuOptions }: Instance, signal: AbortSignal) {
    const type = await this.types.sizeOf(InstanceType ?? '', signal);
    const chosen = (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 0);
    return { cpuCount: chosen || (type?.cpuCount ?? 0), memoryMib: type?.memoryMib ?? 0 };
  }
}

function groupedByObject(
  found: readonly InventoryInstance[],
): ReadonlyMap<string, readonly InventoryInstance[]> {
  const groups = new Map<string, InventoryInstance[]>();
  for (const vm of found) {
    const group = groups.get(vm.marker?.objectId ?? '');
    if (group) group.push(vm);
    else groups.set(vm.marker?.objectId ?? '', [vm]);
  }
  return groups;
}
