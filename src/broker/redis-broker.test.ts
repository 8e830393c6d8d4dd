import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { silentLogger } from '../kernel';
import type { Logger } from '../kernel';
import type { HintFate } from './broker';
import { RedisBroker } from './redis-broker';

/** Something that listens where Redis should, and does what the test says. */
async function listen(onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const urlOf = (server: Server): string =>
  `redis://:of-one-test@127.0.0.1:${(server.address() as AddressInfo).port}`;

/** What real Redis does stands in test/peers/replicas; here are those that are none. */
describe('a broker without a Redis', () => {
  const lines: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    info: (_fields, message) => lines.push(`info ${message}`),
    warn: (fields, message) => lines.push(`warn ${message} ${JSON.stringify(fields)}`),
  };

  /** @returns how many attempts were made, and what became of a thousand hints */
  async function whatComesOf(onSocket: (socket: Socket) => void): Promise<HintFate[]> {
    let attempts = 0;
    let enough: () => void;
    const tried = new Promise<void>((resolve) => (enough = resolve));
    const server = await listen((socket) => {
      socket.on('error', () => undefined).resume();
      attempts += 1;
      if (attempts === 6) enough();
      onSocket(socket);
    });
    const fates: HintFate[] = [];
    const onHint = (_topic: string, fate: HintFate): void => void fates.push(fate);
    lines.length = 0;
    const broker = new RedisBroker({ url: urlOf(server), installationId: 'one', logger, onHint });
    let woken = 0;
    broker.listen('tasks', () => (woken += 1));
    await tried;
    for (let count = 0; count < 1_000; count += 1) broker.tell('tasks');
    expect(broker.isUp).toBe(false);
    expect(woken).toBe(0);
    await broker.close();
    await new Promise((resolve) => server.close(resolve));
    return fates;
  }

  test.each([
    ['is hung up on', (socket: Socket) => void socket.destroy()],
    ['gets no Redis to answer', (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'is refused',
      (socket: Socket) => void socket.end("-ERR unknown command 'AUTH', with args: 'of-one-test'\r\n"),
    ],
  ])('that %s tries again, holds nothing back and says so once', async (_how, onSocket) => {
    const fates = await whatComesOf(onSocket);
    expect(new Set(fates)).toEqual(new Set(['lost']));
    expect(fates).toHaveLength(1_000);
    expect(lines).toEqual([expect.stringContaining('Redis is away')]);
    expect(lines[0]).not.toContain('of-one-test');
  });
});
