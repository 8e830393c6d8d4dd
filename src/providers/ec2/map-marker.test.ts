import { filter, labelTags, markerOf, markerTags } from './map-marker';

const marker = { installationId: 'ins_1', tenantId: 'ten_1', objectId: 'vm_1', operationId: 'tsk_1' };

it('reads the marker that it wrote, and no other', () => {
  expect(markerOf(markerTags(marker))).toEqual(marker);
  expect(markerOf(markerTags(marker).slice(1))).toBeNull();
  expect(markerOf(undefined)).toBeNull();
});

it('keeps labels apart from our own tags', () => {
  const tags = [...labelTags({ 'hypergate:object': 'vm_2', Name: 'x' }), ...markerTags(marker)];
  expect(markerOf(tags)).toEqual(marker);
  expect(labelTags({ Name: 'x' })).toEqual([{ Key: 'label:Name', Value: 'x' }]);
});

it('asks for values as they stand', () => {
  expect(filter('vpc-id', 'a*', 'b?', 'c\\')).toEqual({ Name: 'vpc-id', Values: ['a\\*', 'b\\?', 'c\\\\'] });
});
