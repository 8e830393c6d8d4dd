import { readQcow2Header } from './qcow2-header';

/** The first 80 bytes of images that `qemu-img create` of QEMU 7.2 wrote. */
const fixture = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

const REST = '00000000000000010000000000030000 00000000000100000000000100000000';
const PLAIN = fixture(
  `514649fb000000030000000000000000 00000000000000100000000001400000 ${REST} 00000000000000000000000000000000`,
);
const BACKED = fixture(
  `514649fb000000030000000000000210 00000015000000100000000001400000 ${REST} 00000000000000000000000000000000`,
);
const DATA_FILE = fixture(
  `514649fb000000030000000000000000 00000000000000100000000000100000 ${REST} 00000000000000000000000000000004`,
);

describe('readQcow2Header', () => {
  it('finds an image that stands on its own', () => {
    expect(readQcow2Header(PLAIN)).toEqual({
      version: 3,
      hasBackingFile: false,
      hasExternalDataFile: false,
      capacityBytes: 20_971_520,
    });
  });

  it('finds the two ways in which an image can borrow from another file', () => {
    expect(readQcow2Header(BACKED)).toMatchObject({ hasBackingFile: true, hasExternalDataFile: false });
    expect(readQcow2Header(DATA_FILE)).toMatchObject({ hasBackingFile: false, hasExternalDataFile: true });
  });

  it('takes version 2, which has no features', () => {
    const old = Buffer.from(DATA_FILE);
    old.writeUInt32BE(2, 4);
    expect(readQcow2Header(old)).toMatchObject({ version: 2, hasExternalDataFile: false });
  });

  it.each([Buffer.alloc(0), Buffer.alloc(80), Buffer.from('QFI'), PLAIN.subarray(0, 71)])(
    'is null for what is none',
    (bytes) => {
      expect(readQcow2Header(bytes)).toBeNull();
    },
  );
});
