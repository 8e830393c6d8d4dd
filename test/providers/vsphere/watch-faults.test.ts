import type { BackendEvent, PowerState } from '../../../src/providers/contract';
import { until } from '../../support/until';
import { TroubledVcenter } from './trouble';
import type { Strike } from './trouble';

const STRIKES: readonly { readonly name: string; readonly strike: Strike }[] = [
  { name: 'the session is forgotten', strike: 'notAuthenticated' },
  { name: 'all sessions are ended', strike: ({ simulator }) => simulator.sessions.endAll() },
  { name: 'the reply is lost', strike: 'loseReply' },
  { name: 'the reply is cut', strike: 'dropMidReply' },
  { name: 'the server is unavailable', strike: 'unavailable' },
  { name: 'the reply comes twice', strike: 'duplicateReply' },
];

describe('the feed of a vSphere that gets into trouble', () => {
  it.concurrent.each(STRIKES)(
    'goes on by itself when $name, at whichever of its calls',
    async ({ strike }) => {
      const world = await TroubledVcenter.start();
      try {
        const { externalId } = await world.vm();
        const struck: string[] = [];
        // All calls until it is ready, the wait for a change, and the reading of what has changed.
        for (let at = 0; at < 10; at += 1) {
          const provider = world.connect();
          const events: BackendEvent[] = [];
          const ended = new AbortController();
          world.arm((call, method) => {
            if (call !== at) return null;
            struck.push(method);
            return strike;
          });
          const feed = provider.watch((event) => events.push(event), ended.signal);
          await until(() => events.some(({ type }) => type === 'RESYNC'), Boolean, 20_000);
          for (const state of ['POWERED_ON', 'POWERED_OFF', 'POWERED_ON', 'POWERED_OFF'] as const) {
            const from = events.length;
            change(world, externalId, state);
            await until(() => heardSince(events.slice(from), state), Boolean, 20_000);
          }
          expect(struck).toHaveLength(at + 1);
          // The trouble is over by now, so this was told and not left to a listing.
          expect(events.at(-1)).toMatchObject({ type: 'VM_CHANGED', vm: { powerState: 'POWERED_OFF' } });
          world.disarm();
          ended.abort();
          await feed;
          await world.disconnect(provider);
        }
        expect(new Set(struck)).toEqual(
          new Set([
            'RetrieveServiceContent',
            'Login',
            'CreateContainerView',
            'CreatePropertyCollector',
            'CreateFilter',
            'WaitForUpdatesEx',
            'RetrievePropertiesEx',
          ]),
        );
      } finally {
        await world.close();
      }
    },
  );
});

function change(world: TroubledVcenter, externalId: string, state: PowerState): void {
  const { control } = world.server.simulator;
  const vm = { $ref: 'VirtualMachine', value: externalId } as const;
  if (state === 'POWERED_ON') control.powerOnBehindBack(vm);
  else control.powerOffBehindBack(vm);
}

/** Whoever is told to resynchronise lists everything, and so hears of what was before. */
function heardSince(events: readonly BackendEvent[], state: PowerState): boolean {
  return events.some((event) =>
    event.type === 'VM_CHANGED' ? event.vm.powerState === state : event.type === 'RESYNC',
  );
}
