import type { CallContext } from '../contract';
import type { Ec2Account } from './account';
import { isFault } from './client';

/** Opens a group to what the configuration names. Repeatable. */
export async function openIngress(
  { line, config }: Ec2Account,
  groupId: string,
  { signal }: CallContext,
): Promise<void> {
  // One request each: EC2 refuses all of a request of which one rule is there already.
  for (const { protocol, fromPort, toPort, cidr } of config.ingress) {
    const input = {
      GroupId: groupId,
      IpPermissions: [
        { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort, IpRanges: [{ CidrIp: cidr }] },
      ],
    };
    try {
      await line.send(signal, (sdk) => new sdk.AuthorizeSecurityGroupIngressCommand(input));
    } catch (error) {
      if (!isFault(error, 'InvalidPermission.Duplicate')) throw error;
    }
  }
}
