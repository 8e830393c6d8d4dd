import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { SimulatorFactory } from '../../src/simulators/simulator';

const probability = z.number().min(0).max(1);

const optionsSchema = z.strictObject({
  vms: z.int().min(0).default(10),
  taskMs: z.int().min(0).default(0).describe('how long a task takes'),
  autostart: z.boolean().default(true),
  names: z.array(z.string()).default([]),
  disks: z.array(z.strictObject({ gib: z.int() })).default([]),
  memoryMib: z.int().nullable().default(null),
  faults: z.strictObject({ dropReply: probability.default(0), refuse: probability.default(0) }).prefault({}),
  stateFile: z.string().min(1).optional(),
  /** Its start fails, for this reason. */
  failure: z.string().optional(),
});

/** A simulator that listens on a socket and says nothing: for what starts simulators and ends them. */
export class FakeSimulator implements SimulatorFactory<typeof optionsSchema> {
  readonly kind = 'fake';
  readonly optionsSchema = optionsSchema;
  readonly connectionExample = { url: 'tcp://127.0.0.1:1', secret: 'example' };
  /** What has happened, in order. */
  readonly history: string[] = [];

  readonly start: SimulatorFactory<typeof optionsSchema>['start'] = async (options, { host, port }) => {
    if (options.failure !== undefined) throw new Error(options.failure);
    const server = createServer().listen(port, host);
    await once(server, 'listening');
    const url = `tcp://${host}:${(server.address() as AddressInfo).port}`;
    const name = `simulator of ${options.vms}`;
    this.history.push(`${name} started`);
    return {
      url,
      connection: { url, secret: `secret of ${url}` },
      close: async () => {
        this.history.push(`${name} closed`);
        await once(server.close(), 'close');
      },
    };
  };
}
