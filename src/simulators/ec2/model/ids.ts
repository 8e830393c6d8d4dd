import { ApiError } from '../wire/api-error';
import type { Kind, Records } from './records';
import type { World } from './world';

interface IdRule {
  readonly prefix: string;
  /** As messages call it. */
  readonly label: string;
  readonly notFound: string;
  readonly malformed: string;
}

/** EC2 does not call its errors by one scheme. */
export const ID_RULES: Readonly<Record<Exclude<Kind, 'launch'>, IdRule>> = {
  instance: rule('i', 'instance ID', 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'),
  'network-interface': rule(
    'eni',
    'networkInterface ID',
    'InvalidNetworkInterfaceID.NotFound',
    'InvalidNetworkInterfaceId.Malformed',
  ),
  volume: rule('vol', 'volume', 'InvalidVolume.NotFound', 'InvalidVolumeID.Malformed'),
  snapshot: rule('snap', 'snapshot', 'InvalidSnapshot.NotFound', 'InvalidSnapshotID.Malformed'),
  image: rule('ami', 'image id', 'InvalidAMIID.NotFound', 'InvalidAMIID.Malformed'),
  vpc: rule('vpc', 'vpc ID', 'InvalidVpcID.NotFound', 'InvalidVpcId.Malformed'),
  subnet: rule('subnet', 'subnet ID', 'InvalidSubnetID.NotFound', 'InvalidSubnetId.Malformed'),
  'internet-gateway': rule(
    'igw',
    'internetGateway ID',
    'InvalidInternetGatewayID.NotFound',
    'InvalidInternetGatewayId.Malformed',
  ),
  'route-table': rule(
    'rtb',
    'routeTable ID',
    'InvalidRouteTableID.NotFound',
    'InvalidRouteTableId.Malformed',
  ),
  'security-group': rule('sg', 'security group', 'InvalidGroup.NotFound', 'InvalidGroupId.Malformed'),
  'key-pair': rule('key', 'key pair', 'InvalidKeyPair.NotFound', 'InvalidParameterValue'),
};

export type NamedKind = keyof typeof ID_RULES;

function rule(prefix: string, label: string, notFound: string, malformed: string): IdRule {
  return { prefix, label, notFound, malformed };
}

/** @throws ApiError `….Malformed` when it cannot be an id of that kind */
export function checkId(kind: NamedKind, id: string): void {
  const { prefix, malformed } = ID_RULES[kind];
  const digits = id.startsWith(`${prefix}-`) ? id.slice(prefix.length + 1) : '';
  if (!/^([0-9a-f]{8}|[0-9a-f]{17})$/.test(digits)) throw new ApiError(malformed, `Invalid id: "${id}"`);
}

export function notFound(kind: NamedKind, ids: readonly string[]): ApiError {
  const { label, notFound: code } = ID_RULES[kind];
  const many = ids.length > 1;
  const message = `The ${label}${many ? 's' : ''} '${ids.join(', ')}' ${many ? 'do' : 'does'} not exist`;
  return new ApiError(code, message);
}

/** What an action is about, as it is now. What clients do not see yet, or was removed already, is not there. */
export function find<K extends NamedKind>(world: World, kind: K, id: string): Records[K] {
  const [record] = findAll(world, kind, [id]);
  if (record === undefined) throw notFound(kind, [id]);
  return record;
}

/** As `find`; the refusal names all that are not there. */
export function findAll<K extends NamedKind>(
  world: World,
  kind: K,
  ids: readonly string[],
): readonly Records[K][] {
  for (const id of ids) checkId(kind, id);
  const missing: string[] = [];
  const found: Records[K][] = [];
  for (const id of new Set(ids)) {
    const table = world.tables[kind];
    const record = table.seen(id) === null ? null : table.get(id);
    if (record === null) missing.push(id);
    else found.push(record);
  }
  if (missing.length > 0) throw notFound(kind, missing);
  return found;
}
