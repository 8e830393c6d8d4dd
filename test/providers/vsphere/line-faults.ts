import type { NetworkFault } from '../../../src/simulators/network/network-faults';
import { expectClearCodes, mutationsOf, strikeEverywhere } from './matrix';
import type { StrikesFor } from './matrix';

const FAULTS: readonly NetworkFault[] = [
  'loseReply',
  'dropMidReply',
  'unavailable',
  'refuse',
  'duplicateReply',
];
const READS = /^(Retrieve|ContinueRetrieve|Find|CreateContainerView|DestroyView)/;

/** Every fault before every call is what `VSPHERE_MATRIX=full` asks for. */
const IS_FULL = process.env['VSPHERE_MATRIX'] === 'full';

/** Each call meets one fault in turn; whatever changes something loses its reply as well. */
const strikes: StrikesFor = (call, method) =>
  FAULTS.filter(
    (fault, at) => IS_FULL || at === call % FAULTS.length || (fault === 'loseReply' && !READS.test(method)),
  );

/** Each of the mutations of VMs or networks, one call of which goes wrong. */
export function describeLineFaults(noun: 'vm' | 'network'): void {
  describe(`vSphere, one call of which goes wrong on the line: ${noun}`, () => {
    it.concurrent.each(mutationsOf(noun))(
      '$name reaches its target by repetition, once, with clear codes',
      async (mutation) => {
        const cells = await strikeEverywhere(mutation, strikes);
        expectClearCodes(cells);

        // Not everything is repeated behind the caller's back.
        expect(cells.some(({ met }) => met.length > 0)).toBe(true);
      },
      IS_FULL ? 600_000 : 60_000,
    );
  });
}
