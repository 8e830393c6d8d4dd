import type { BackendProbe, CallContext } from '../contract';
import type { Ec2Account } from './account';

/** Of the API that the SDK speaks. */
const API_VERSION = '2016-11-15';

/** A small question that needs the same credentials as all others. A cloud does not tell how much of it is left. */
export async function probe({ line, config }: Ec2Account, { signal }: CallContext): Promise<BackendProbe> {
  const input = {
    Filters: [{ Name: 'instance-type', Values: config.instanceTypes.slice(0, 1) }],
    MaxResults: 5,
  };
  await line.send(signal, (sdk) => new sdk.DescribeInstanceTypesCommand(input));
  return {
    version: `EC2 ${config.region}, API ${API_VERSION}`,
    capacity: {
      cpuCount: null,
      memoryMib: null,
      freeMemoryMib: null,
      storageGib: null,
      freeStorageGib: null,
    },
  };
}
