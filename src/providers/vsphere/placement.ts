import { AppError } from '../../kernel';
import type { CallContext } from '../contract';
import type { MoRef } from './client';
import type { Vcenter } from './vcenter';

/** Where the backend's VMs and networks are to be. */
export interface Place {
  readonly datacenter: MoRef<'Datacenter'>;
  readonly vmFolder: MoRef;
  readonly networkFolder: MoRef;
  readonly cluster: MoRef<'ComputeResource'>;
  readonly rootPool: MoRef;
  readonly hosts: readonly MoRef<'HostSystem'>[];
  readonly datastores: readonly MoRef<'Datastore'>[];
}

/** The configured datacenter and cluster, or the first by name. */
export async function findPlace(vcenter: Vcenter, context: CallContext): Promise<Place> {
  const { client, config } = vcenter;
  const call = { signal: context.signal };
  const { rootFolder } = await client.content(call);
  const datacenter = await findNamed(vcenter, rootFolder, 'Datacenter', config.datacenter, context);
  const folders = await client.read(datacenter, ['vmFolder', 'hostFolder', 'networkFolder'], call);
  if (!folders?.vmFolder || !folders.hostFolder || !folders.networkFolder) throw missing('Datacenter');
  const cluster = await findNamed(vcenter, folders.hostFolder, 'ComputeResource', config.cluster, context);
  const parts = await client.read(cluster, ['resourcePool', 'host', 'datastore'], call);
  if (!parts?.resourcePool) throw missing('ComputeResource');
  return {
    datacenter,
    vmFolder: folders.vmFolder,
    networkFolder: folders.networkFolder,
    cluster,
    rootPool: parts.resourcePool,
    hosts: parts.host ?? [],
    datastores: parts.datastore ?? [],
  };
}

const KEYS = {
  Datacenter: 'datacenter',
  ComputeResource: 'cluster',
  Datastore: 'datastore',
  DistributedVirtualSwitch: 'switchName',
} as const;

type NamedType = Exclude<keyof typeof KEYS, 'Datastore'>;

/** @throws FAILED_PRECONDITION when there is none, which is for the operator to mend */
export async function findNamed<T extends NamedType>(
  { client }: Vcenter,
  container: MoRef,
  type: T,
  name: string | undefined,
  { signal }: CallContext,
): Promise<MoRef<T>> {
  const found: { readonly ref: MoRef<T>; readonly name: string }[] = [];
  for await (const { ref, properties } of client.retrieveContained(container, type, ['name'], { signal }))
    found.push({ ref, name: properties.name ?? '' });
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const chosen = name === undefined ? found[0] : found.find((one) => one.name === name);
  if (chosen === undefined) throw missing(type, name);
  return chosen.ref;
}

/**
 * The datastore for a new VM: the configured one, or that with the most free space of those that the cluster reaches.
 * @throws RESOURCE_EXHAUSTED when none has `gib` free
 */
export async function findDatastore(
  { client, config }: Vcenter,
  place: Place,
  gib: number,
  { signal }: CallContext,
): Promise<MoRef<'Datastore'>> {
  const stores = [...(await client.readMany(place.datastores, ['name', 'summary'], { signal }))];
  const fitting = stores
    .map(([value, { name, summary }]) => ({
      value,
      name,
      free: summary?.accessible === true ? summary.freeSpace : 0,
    }))
    .filter(({ name }) => config.datastore === undefined || name === config.datastore)
    .sort((a, b) => b.free - a.free);
  const [best] = fitting;
  if (best === undefined) throw missing('Datastore', config.datastore);
  if (best.free < gib * 1024 ** 3)
    throw new AppError('RESOURCE_EXHAUSTED', 'vSphere has no storage left for this.');
  return { type: 'Datastore', value: best.value };
}

/** Names the key of the configuration; the name itself is the provider's own business. */
function missing(type: keyof typeof KEYS, name?: string): AppError {
  const which = name === undefined ? `no ${type}` : `no ${type} of the name configured as ${KEYS[type]}`;
  return new AppError('FAILED_PRECONDITION', `The backend is not set up: vSphere has ${which}.`);
}
