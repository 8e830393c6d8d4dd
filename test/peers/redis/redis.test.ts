import { Redis } from 'ioredis';
import { startPeer } from '../support/start-peer';
import type { Peer } from '../support/start-peer';

/** The promises that the tests above this peer build on. */
describe('the Redis peer', () => {
  let redis: Peer;

  beforeAll(async () => {
    redis = await startPeer('redis');
  }, 60_000);

  afterAll(async () => {
    await redis.stop();
  }, 60_000);

  async function connected<T>(use: (connection: Redis) => Promise<T>): Promise<T> {
    const connection = new Redis(redis.address, { retryStrategy: () => null, disconnectTimeout: 100 });
    connection.on('error', () => undefined);
    try {
      return await use(connection);
    } finally {
      connection.disconnect();
    }
  }

  test('answers, and keeps nothing over its death, on the same port', async () => {
    await connected((connection) => connection.set('kept', 'no'));
    expect(await connected((connection) => connection.get('kept'))).toBe('no');
    await redis.run('kill');
    await expect(connected((connection) => connection.ping())).rejects.toThrow();
    await redis.run('start');
    expect(await connected((connection) => connection.get('kept'))).toBeNull();
  }, 60_000);
});
