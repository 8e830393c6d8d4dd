import { strikeEverywhere } from './vsphere-matrix';
import { MUTATIONS } from './vsphere-mutations';

describe('vSphere forgets the session right before a call', () => {
  it.concurrent.each(MUTATIONS)('$name goes on by itself, whichever call it is', async (mutation) => {
    const cells = await strikeEverywhere(mutation, 'notAuthenticated');
    expect(cells.filter(({ met }) => met.length > 0)).toEqual([]);
  });
});
