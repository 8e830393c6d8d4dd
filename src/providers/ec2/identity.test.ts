import { groupName, keyPairName, launchToken } from './identity';

const marker = { installationId: 'ins_1', tenantId: 'ten_1', objectId: 'vm_1', operationId: 'tsk_1' };

it("makes a launch's token of the owner and of what came before", () => {
  const token = launchToken(marker, null);
  expect(token).toBe('hypergate-4d026a662d16dbb31448198d98ec77bfdeeb5ed407059514');
  expect(token).toMatch(/^[\x21-\x7e]{1,64}$/);
  expect(launchToken({ ...marker, operationId: 'tsk_2' }, null)).toBe(token);
  expect(launchToken(marker, 'i-1')).not.toBe(token);
  expect(launchToken({ ...marker, tenantId: 'ten_2' }, null)).not.toBe(token);
});

it('keeps within the names that EC2 takes', () => {
  const long = {
    ...marker,
    installationId: 'i'.repeat(128),
    tenantId: 't'.repeat(128),
    objectId: 'o'.repeat(128),
  };
  expect(groupName(long).length).toBeLessThanOrEqual(255);
  expect(keyPairName(long).length).toBeLessThanOrEqual(255);
  expect(groupName(marker)).not.toBe(groupName({ ...marker, installationId: 'ins_2' }));
});
