import fc from 'fast-check';
import type { Marker } from '../contract';
import { backendName, backendUuid, bridgeName, isOurName, macAddress, vmVolumeNames } from './identity';

const marker: Marker = {
  installationId: 'inst-1',
  tenantId: 'ten_1',
  objectId: 'vm_1',
  operationId: 'tsk_1',
};

describe('backendUuid', () => {
  it('is the same at every repetition, whichever task asks', () => {
    expect(backendUuid(marker)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(backendUuid({ ...marker, operationId: 'tsk_2' })).toBe(backendUuid(marker));
  });

  it('tells every owner apart, also where joining the ids would not', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.string(), fc.string(), fc.string()),
        fc.tuple(fc.string(), fc.string(), fc.string()),
        (a, b) => {
          const [one, two] = [a, b].map(([installationId, tenantId, objectId]) =>
            backendUuid({ installationId, tenantId, objectId, operationId: '' }),
          );
          expect(one === two).toBe(JSON.stringify(a) === JSON.stringify(b));
        },
      ),
    );
    expect(backendUuid({ ...marker, tenantId: 'ten_1vm', objectId: '_1' })).not.toBe(backendUuid(marker));
  });

  // What exists on backends was named by this very value: a change would orphan it.
  it('has not changed since the first release', () => {
    expect(backendUuid(marker)).toBe('4d4e4dd1-8077-5517-a5fc-cb4c7dc310d8');
  });
});

describe('backendName', () => {
  it('is recognised as ours beside its own UUID only', () => {
    expect(isOurName(backendName(marker), backendUuid(marker))).toBe(true);
    expect(isOurName(backendName(marker), backendUuid({ ...marker, tenantId: 'x' }))).toBe(false);
    expect(isOurName('hg-mine', backendUuid(marker))).toBe(false);
  });

  it.each(['', '../x', 'a/b', 'a\nb', 'a\0b', '.hidden', '-flag', 'x'.repeat(65), 'ü'])(
    'refuses the id %j',
    (objectId) => {
      expect(() => backendName({ ...marker, objectId })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    },
  );
});

describe('the other derived names', () => {
  it('are valid for what they name', () => {
    expect(bridgeName(marker)).toMatch(/^hg[0-9a-f]{12}$/);
    expect(macAddress(marker, 0)).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
    expect(macAddress(marker, 1)).not.toBe(macAddress(marker, 0));
  });

  it('keep the volumes of a VM apart from those of a VM whose id it begins', () => {
    const volumes = vmVolumeNames(marker);
    expect(new Set([volumes.disk, volumes.seed, volumes.console]).size).toBe(3);
    expect(vmVolumeNames({ ...marker, objectId: 'vm_11' }).disk.startsWith(volumes.prefix)).toBe(false);
    expect(vmVolumeNames({ ...marker, objectId: `vm_1-${backendUuid(marker).slice(0, 8)}` }).disk).not.toBe(
      volumes.disk,
    );
  });
});
