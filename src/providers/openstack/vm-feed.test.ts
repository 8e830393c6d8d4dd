import { silentLogger } from '../../kernel';
import { unwatchedCall } from '../contract';
import type { Server, ServerFilter } from './client';
import type { Cloud } from './cloud';
import { VmFeed } from './vm-feed';

const context = unwatchedCall(new AbortController().signal, silentLogger);

/** As much of a cloud as the feed asks, which lists what the filter says. */
function cloudOf(servers: readonly Pick<Server, 'id' | 'updated'>[]) {
  const asked: ServerFilter[] = [];
  const list = async (filter: ServerFilter) => {
    asked.push(filter);
    return servers.map((server) => ({ metadata: {}, status: 'ACTIVE', ...server }));
  };
  return { cloud: { client: { compute: { servers: { list } } } } as unknown as Cloud, asked };
}

test('a server that was changed in a future misleads the feed about nothing', async () => {
  const { cloud, asked } = cloudOf([{ id: 'one', updated: '2999-01-01T00:00:00Z' }]);
  const feed = new VmFeed(cloud);
  const began = Date.now();
  await feed.begin(context);
  await feed.poll(context);
  expect(Date.parse(asked[1]?.changesSince ?? '')).toBeLessThanOrEqual(began);
});

test('a gateway whose clock is ahead asks by the time of the cloud', async () => {
  const { cloud, asked } = cloudOf([{ id: 'one', updated: '2001-01-01T00:00:15Z' }]);
  const feed = new VmFeed(cloud);
  await feed.begin(context);
  await feed.poll(context);
  expect(asked[1]?.changesSince).toBe('2001-01-01T00:00:00.000Z');
});
