import fc from 'fast-check';
import { readOwnership, writeOwnership } from './map-marker';

const text = fc.string({ unit: 'grapheme' });
const ownership = fc.record({
  marker: fc.record({ installationId: text, tenantId: text, objectId: text, operationId: text }),
  name: text,
  complete: fc.boolean(),
});

describe('the record of ownership', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(ownership, (written) => {
        expect(readOwnership(writeOwnership(written))).toEqual(written);
      }),
    );
  });

  it.each([
    undefined,
    '',
    'null',
    '[]',
    '7',
    '{',
    '{"installation":"a","tenant":"b","id":"c","operation":"d"}',
  ])('is none in %s', (value) => {
    expect(readOwnership(value)).toBeNull();
  });

  it('is not complete unless it says so', () => {
    const record = { installation: 'i', tenant: 't', id: 'o', operation: 'p', name: 'n', complete: 'yes' };
    expect(readOwnership(JSON.stringify(record))?.complete).toBe(false);
  });
});
