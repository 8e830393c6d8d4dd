import fc from 'fast-check';
import {
  displayName,
  escapeName,
  instanceUuid,
  mayBeOurs,
  networkInventoryName,
  unescapeName,
  vmInventoryName,
} from './identity';

const marker = { installationId: 'ins_1', tenantId: 'ten_1', objectId: 'vm_1', operationId: 'tsk_1' };
const names = fc.string({ minLength: 1, maxLength: 63, unit: 'grapheme' });

describe('the identity of what we make', () => {
  it('follows from the owner and not from the task', () => {
    const uuid = instanceUuid(marker);
    expect(instanceUuid({ ...marker, operationId: 'tsk_2' })).toBe(uuid);
    for (const key of ['installationId', 'tenantId', 'objectId'] as const)
      expect(instanceUuid({ ...marker, [key]: 'other' })).not.toBe(uuid);
  });

  it('is told from what vCenter gives to foreign VMs', () => {
    expect(mayBeOurs(instanceUuid(marker))).toBe(true);
    expect(mayBeOurs(instanceUuid(marker).toUpperCase())).toBe(true);
    expect(mayBeOurs('502e71fa-1a00-759b-e40f-ce778e915f16')).toBe(false);
    expect(mayBeOurs(undefined)).toBe(false);
  });
});

describe('names in the inventory', () => {
  it('are the tenant’s with the end of an identity, escaped', () => {
    expect(vmInventoryName('web/1', marker)).toMatch(/^web%2f1-[0-9a-f]{8}$/);
    expect(networkInventoryName({ ...marker, objectId: 'net_1' })).toMatch(/^hg-net_1-[0-9a-f]{8}$/);
  });

  it('have at most 80 characters and never end inside of an escape', () => {
    fc.assert(
      fc.property(names, (name) => {
        const inventoryName = vmInventoryName(name, marker);
        expect(inventoryName.length).toBeLessThanOrEqual(80);
        expect(escapeName(unescapeName(inventoryName))).toBe(inventoryName);
      }),
    );
    expect(networkInventoryName({ ...marker, objectId: 'n'.repeat(128) }).length).toBeLessThanOrEqual(80);
  });

  it('are shown as they were given, also where they had to be cut off', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(displayName(vmInventoryName(name, marker), name, marker)).toBe(name);
      }),
    );
  });

  it('are shown as an administrator has changed them', () => {
    expect(displayName('db%2f1', 'web', marker)).toBe('db/1');
    expect(displayName(vmInventoryName('db', marker), 'web', marker)).toBe('db');
    expect(displayName(vmInventoryName('', marker), 'web', marker)).toBe(vmInventoryName('', marker));
  });

  it('are escaped back and forth', () => {
    expect(escapeName('50% of a/b\\c')).toBe('50%25 of a%2fb%5cc');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unescapeName(escapeName(text))).toBe(text);
      }),
    );
  });
});
