import type { SecurityGroup } from '@aws-sdk/client-ec2';
import { AppError } from '../../../kernel';
import type { CallContext, Marker } from '../../contract';
import type { Ec2Account } from '../account';
import { isFault } from '../client';
import { stillBusy } from '../errors';
import { groupName } from '../identity';
import { openIngress } from '../ingress';
import { filter, markerOf, markerTags, nameTag, tagged } from '../map-marker';

/**
 * The group of a tenant's VMs without a network: it lets nothing in but what the configuration opens, so that tenants who
 * share a subnet do not reach each other. It stays when it is empty, as another VM may be about to be put into it.
 */
export async function ensureTenantGroup(
  account: Ec2Account,
  marker: Marker,
  vpcId: string,
  context: CallContext,
): Promise<string> {
  const name = groupName(marker);
  const key = `${vpcId} ${name}`;
  return account.locks.run(key, async () => {
    const id = await account.groups.get(key, async () => {
      const found = await findGroup(account, name, vpcId, context);
      const groupId =
        found === null ? await createGroup(account, marker, vpcId, context) : ownId(found, marker);
      await openShown(account, groupId, context);
      return groupId;
    });
    if (id === null) throw stillBusy();
    return id;
  });
}

async function openShown(account: Ec2Account, groupId: string, context: CallContext): Promise<void> {
  try {
    await openIngress(account, groupId, context);
  } catch (error) {
    // Made a moment ago, and not shown yet.
    throw isFault(error, 'InvalidGroup.NotFound') ? stillBusy(error) : error;
  }
}

async function findGroup(
  { line }: Ec2Account,
  name: string,
  vpcId: string,
  { signal }: CallContext,
): Promise<SecurityGroup | null> {
  const input = { Filters: [filter('vpc-id', vpcId), filter('group-name', name)] };
  const answer = await line.send(signal, (sdk) => new sdk.DescribeSecurityGroupsCommand(input));
  return answer.SecurityGroups?.[0] ?? null;
}

async function createGroup(
  { line }: Ec2Account,
  marker: Marker,
  vpcId: string,
  { signal }: CallContext,
): Promise<string> {
  const GroupName = groupName(marker);
  const tags = [...markerTags({ ...marker, objectId: GroupName }), nameTag(GroupName)];
  const input = {
    GroupName,
    Description: 'VMs without a network',
    VpcId: vpcId,
    TagSpecifications: tagged(tags, 'security-group'),
  };
  try {
    const made = await line.send(signal, (sdk) => new sdk.CreateSecurityGroupCommand(input));
    return made.GroupId ?? '';
  } catch (error) {
    // Made a moment ago, by this process or another, and not shown yet.
    throw isFault(error, 'InvalidGroup.Duplicate') ? stillBusy(error) : error;
  }
}

function ownId({ GroupId = '', Tags }: SecurityGroup, { installationId, tenantId }: Marker): string {
  const owner = markerOf(Tags);
  if (owner?.installationId === installationId && owner.tenantId === tenantId) return GroupId;
  throw new AppError('FAILED_PRECONDITION', "EC2 has another security group of this tenant's name.");
}
