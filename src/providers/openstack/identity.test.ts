import { installationTag, keypairName, markerMetadata, ownerTag, readMarker } from './identity';

const marker = {
  installationId: 'ten_0198f2c47a1b7c3d8e9f0a1b2c3d4e5f',
  tenantId: 'ten_1198f2c47a1b7c3d8e9f0a1b2c3d4e5f',
  objectId: 'vm_2198f2c47a1b7c3d8e9f0a1b2c3d4e5f',
  operationId: 'tsk_3198f2c47a1b7c3d8e9f0a1b2c3d4e5f',
};

test('metadata carries the whole marker, beside keys of others', () => {
  expect(readMarker({ ...markerMetadata(marker), 'x-other': '1' })).toEqual(marker);
});

test.each(Object.keys(markerMetadata(marker)))('what lacks %s is not ours', (key) => {
  const { [key]: _left, ...rest } = markerMetadata(marker);
  expect(readMarker(rest)).toBeNull();
});

test('tags are the same for every operation of one object, differ for others, and fit into Nova', () => {
  expect(ownerTag({ ...marker, operationId: 'tsk_other' })).toBe(ownerTag(marker));
  for (const other of [
    { ...marker, installationId: 'x' },
    { ...marker, tenantId: 'x' },
    { ...marker, objectId: 'x' },
  ])
    expect(ownerTag(other)).not.toBe(ownerTag(marker));
  for (const tag of [ownerTag(marker), installationTag(marker.installationId)])
    expect(tag).toMatch(/^[^,/]{1,60}$/);
});

test('tags never change: what exists is found by them', () => {
  expect(ownerTag({ installationId: 'i', tenantId: 't', objectId: 'o', operationId: '' })).toBe(
    'hypergate-vm-0a8679dc-32d8-598f-afae-585c703f5af1',
  );
  expect(installationTag('i')).toBe('hypergate-of-b17affb1-0a9b-5f6e-b657-392e3c487d20');
});

test('the name of a key pair has none but characters that Nova takes', () => {
  expect(keypairName(marker)).toMatch(new RegExp(`^hypergate-${marker.objectId}-[0-9a-f]{8}$`));
  expect(keypairName({ ...marker, objectId: 'a:b.c' })).toMatch(/^hypergate-a_b_c-[0-9a-f]{8}$/);
});
