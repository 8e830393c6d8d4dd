import type { Image } from './client';
import { observeImage } from './images';

const GIB = 1024 ** 3;
const image: Image = { id: 'i', name: 'debian', status: 'active', min_disk: 0, min_ram: 0, created_at: '' };

function least(changes: Partial<Image>): number {
  return observeImage({ ...image, ...changes }, 'ref').minDiskGib;
}

it('wants a disk that holds what the image demands and what is in it', () => {
  expect(least({})).toBe(1);
  expect(least({ min_disk: 3, size: GIB })).toBe(3);
  expect(least({ min_disk: 1, size: GIB + 1 })).toBe(2);
  expect(least({ size: 10, virtual_size: 5 * GIB })).toBe(5);
  expect(least({ size: null, virtual_size: null })).toBe(1);
});

it('has the name that it was asked for where it has none', () => {
  expect(observeImage({ ...image, name: null }, 'ref').name).toBe('ref');
});
