import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '../../../src/kernel';
import { RequestGate } from '../../../src/providers/contract';
import type { HypervisorProvider } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';

export const SESSION_TOKEN = 'session-token-4c1e';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Something that answers in the place of EC2, and a provider that takes it for that. */
export interface BrokenEndpoint {
  readonly provider: HypervisorProvider;
  /** Of the requests that have come. */
  count(): number;
  answerWith(answer: Answer): void;
  close(): Promise<void>;
}

export async function breakEndpoint(answer: Answer): Promise<BrokenEndpoint> {
  let current = answer;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().once('end', () => current(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings = {
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId: 'AKIASIMULATEDACCOUNT',
    secretAccessKey: 'secret',
    sessionToken: SESSION_TOKEN,
    callTimeoutMs: 200,
    maxAttempts: 1,
    pollIntervalMs: 20,
    listingLagMs: 0,
  };
  const environment = { backendName: 'test', logger: silentLogger, requests: new RequestGate() };
  const provider = createProvider('ec2', settings, environment, { circuit: null });
  return {
    provider,
    count: () => requests,
    answerWith: (next) => {
      current = next;
    },
    close: async () => {
      await provider.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
