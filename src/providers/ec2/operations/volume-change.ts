import type { CallContext } from '../../contract';
import type { Ec2Account } from '../account';
import { filter } from '../map-marker';

/** The state of a volume's last change: `modifying`, `optimizing`, `completed`, `failed`; null when there was none. */
export async function volumeChange(
  { line }: Ec2Account,
  volume: string,
  { signal }: CallContext,
): Promise<string | null> {
  const input = { Filters: [filter('volume-id', volume)] };
  const answer = await line.send(signal, (sdk) => new sdk.DescribeVolumesModificationsCommand(input));
  return answer.VolumesModifications?.[0]?.ModificationState ?? null;
}
