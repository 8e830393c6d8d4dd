import { groupName, networkName, readRecord, writeRecord } from './record';

const marker = {
  installationId: 'ten_01890000000070008000000000000001',
  tenantId: 'ten_01890000000070008000000000000002',
  objectId: 'net_01890000000070008000000000000003',
  operationId: 'tsk_01890000000070008000000000000004',
};
const record = { marker, mode: 'ISOLATED', name: 'web', complete: false } as const;

describe('the record of a network', () => {
  it.each(['web', '<b> & co', 'two  words ', '100% %41;', 'ü😀', '日本'])(
    'is read as it was written: %s',
    (name) => {
      for (const complete of [true, false])
        expect(readRecord(writeRecord({ ...record, name, complete }))).toEqual({ ...record, name, complete });
    },
  );

  it('is as short as Neutron wants, whatever the name', () => {
    const longest = writeRecord({ ...record, name: 'x'.repeat(63) });
    expect(readRecord(longest)?.name).toHaveLength(63);
    const cut = writeRecord({ ...record, name: '😀'.repeat(31) });
    expect(cut.length).toBeLessThanOrEqual(255);
    expect(readRecord(cut)?.name).toMatch(/^😀+$/u);
  });

  it('has nothing that databases of three bytes cannot hold', () => {
    expect(writeRecord({ ...record, name: '😀' })).not.toMatch(/[\u{10000}-\u{10ffff}]/u);
  });

  it('refuses ids for which there is no room', () => {
    const endless = { ...marker, operationId: 'x'.repeat(128) };
    expect(() => writeRecord({ ...record, marker: endless })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it.each([
    '',
    null,
    undefined,
    'hypergate',
    'hypergate made MAGIC a b c d e',
    'x hypergate made NAT a b c d e',
  ])('is not read out of what is none: %s', (description) => {
    expect(readRecord(description)).toBeNull();
  });
});

it('names by the owner, and not by the task', () => {
  const other = { ...marker, operationId: 'tsk_01890000000070008000000000000009' };
  expect(networkName(other)).toBe(networkName(marker));
  expect(networkName({ ...marker, tenantId: 'ten_x' })).not.toBe(networkName(marker));
  expect(groupName({ ...marker, objectId: 'net_x' })).toBe(groupName(marker));
  expect(groupName({ ...marker, installationId: 'ten_x' })).not.toBe(groupName(marker));
});

test('a description of somebody else that looks like ours does no harm', () => {
  expect(readRecord('hypergate made NAT i t o k 100%ffffff;%110000; %41;')?.name).toBe(
    '100%ffffff;%110000; A',
  );
});
