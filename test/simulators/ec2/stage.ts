import { EC2Client } from '@aws-sdk/client-ec2';
import type { EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { z } from 'zod';
import { createLogger } from '../../../src/gateway/logging';
import { optionsSchema } from '../../../src/simulators/ec2/options';
import { startEc2Simulator } from '../../../src/simulators/ec2/start';
import type { Ec2Simulator } from '../../../src/simulators/ec2/start';

export interface Stage {
  readonly simulator: Ec2Simulator;
  /** Amazon's own client. */
  readonly client: EC2Client;
  newClient(config?: EC2ClientConfig): EC2Client;
  close(): Promise<void>;
}

/** A simulator on a free port, quick and without foreign instances unless told otherwise, and a client that tries once. */
export async function stage(given: z.input<typeof optionsSchema> = {}): Promise<Stage> {
  const options = optionsSchema.parse({ vms: 0, operationMs: 20, bootMs: 20, ...given });
  const logger = createLogger({ level: 'warn' });
  const simulator = await startEc2Simulator(options, { host: '127.0.0.1', port: 0, logger });
  const { region = '', endpoint = '', accessKeyId = '', secretAccessKey = '' } = simulator.connection;
  const clients: EC2Client[] = [];
  const newClient = (config: EC2ClientConfig = {}): EC2Client => {
    const credentials = { accessKeyId, secretAccessKey };
    const client = new EC2Client({ region, endpoint, credentials, maxAttempts: 1, ...config });
    clients.push(client);
    return client;
  };
  const close = async (): Promise<void> => {
    for (const client of clients) client.destroy();
    await simulator.close();
  };
  return { simulator, client: newClient(), newClient, close };
}
