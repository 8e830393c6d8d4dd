import { strikeEverywhere } from './vsphere-matrix';
import { MUTATIONS } from './vsphere-mutations';

const FAULTS = ['loseReply', 'dropMidReply', 'unavailable', 'refuse', 'duplicateReply'] as const;
const CELLS = FAULTS.flatMap((fault) =>
  MUTATIONS.map((mutation) => ({ fault, name: mutation.name, mutation })),
);

describe('vSphere, one call of which goes wrong', () => {
  it.concurrent.each(CELLS)('$name, $fault', async ({ mutation, fault }) => {
    const cells = await strikeEverywhere(mutation, fault);
    const codes = new Set(cells.flatMap(({ met }) => met.map(({ code }) => code)));
    expect([...codes].filter((code) => code !== 'UNAVAILABLE' && code !== 'DEADLINE_EXCEEDED')).toEqual([]);
  });
});
