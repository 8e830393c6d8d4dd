import type { z } from 'zod';
import { silentLogger } from '../../../src/kernel';
import { publicId } from '../../../src/simulators/ec2/images/public-images';
import { optionsSchema } from '../../../src/simulators/ec2/options';
import { startEc2Simulator } from '../../../src/simulators/ec2/start';
import type { Ec2Simulator } from '../../../src/simulators/ec2/start';

/** The id of one of the simulator's images, which follows from its name. */
export function imageNamed(name: string): string {
  return publicId('ami', name);
}

/** A simulator on a free port, quick and without foreign instances unless told otherwise. */
export function startSimulator(given: z.input<typeof optionsSchema> = {}): Promise<Ec2Simulator> {
  const options = optionsSchema.parse({ vms: 0, operationMs: 20, bootMs: 20, ...given });
  return startEc2Simulator(options, { host: '127.0.0.1', port: 0, logger: silentLogger });
}
