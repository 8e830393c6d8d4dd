import { mutationsOf, strikeEverywhere } from './matrix';
import type { StrikesFor } from './matrix';
import type { Strike } from './trouble';

const endAll: Strike = ({ simulator }) => {
  simulator.sessions.endAll();
};

/** The caller's own session, or those of all: the server was restarted. */
const strikes: StrikesFor = (call) => [call % 2 === 0 ? 'notAuthenticated' : endAll];

/** Each of the mutations of VMs or networks, in the middle of which the server forgets the session. */
export function describeSessionLoss(noun: 'vm' | 'network'): void {
  describe(`vSphere forgets the session right before a call: ${noun}`, () => {
    it.concurrent.each(mutationsOf(noun))(
      '$name goes on by itself, whichever call it is',
      async (mutation) => {
        const cells = await strikeEverywhere(mutation, strikes);
        expect(cells.length).toBeGreaterThan(3);

        expect(cells.filter(({ met }) => met.length > 0)).toEqual([]);
      },
      60_000,
    );
  });
}
