import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-ec2';
import { parseRetryAfter, throttledError } from '../contract';
import type { RequestGate } from '../contract';
import type { Attempts, Ec2Client, Ec2Command, Ec2Sdk } from './client';
import { asksForFewer } from './errors';

/** One way to EC2, through the gate that all requests of the backend share. */
export class Ec2Line {
  constructor(
    private readonly client: Ec2Client,
    private readonly requests: RequestGate,
  ) {}

  /**
   * @param command makes the command of the SDK, for example `new sdk.RunInstancesCommand({ … })`
   * @throws Ec2Fault, Ec2LineError, UNAVAILABLE when EC2 keeps asking for fewer requests, or the reason of the abortion
   */
  send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    signal: AbortSignal,
    command: (sdk: Ec2Sdk) => Ec2Command<Input, Output>,
    attempts: Attempts = 'REPEATED',
  ): Promise<Output> {
    return this.requests.run(signal, async () => {
      try {
        return await this.client.send(command, attempts, signal);
      } catch (error) {
        if (asksForFewer(error)) throw throttledError(parseRetryAfter(error.retryAfter), error);
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
