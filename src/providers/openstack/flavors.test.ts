import type { Flavor } from './client';
import { chooseFlavor, usableFlavors } from './flavors';

const flavor = (name: string, vcpus: number, ram: number, disk: number): Flavor => ({
  id: name,
  name,
  vcpus,
  ram,
  disk,
});

const catalog = [
  flavor('large', 4, 8_192, 80),
  flavor('tiny', 1, 512, 1),
  flavor('small', 1, 2_048, 20),
  flavor('wide', 8, 4_096, 40),
];

const choose = (cpuCount: number, memoryMib: number, diskGib: number): string =>
  chooseFlavor(catalog, { cpuCount, memoryMib, diskGib }, 'spec').name;

describe('the flavor of a VM', () => {
  it('is the smallest that has at least what is needed', () => {
    expect(choose(1, 256, 1)).toBe('tiny');
    expect(choose(1, 512, 2)).toBe('small');
    expect(choose(2, 512, 1)).toBe('large');
    expect(choose(8, 512, 1)).toBe('wide');
  });

  it('does not depend on the order of the catalog', () => {
    const twins = [flavor('b', 1, 512, 1), flavor('a', 1, 512, 1)];
    const needed = { cpuCount: 1, memoryMib: 1, diskGib: 1 };
    expect(chooseFlavor(twins, needed, 'spec').name).toBe('a');
    expect(chooseFlavor(twins.toReversed(), needed, 'spec').name).toBe('a');
  });

  it('is refused by the field that no flavor has', () => {
    const refused = (field: string) =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', details: { field } });
    expect(() => choose(9, 512, 1)).toThrow(refused('spec.cpuCount'));
    expect(() => choose(1, 8_193, 1)).toThrow(refused('spec.memoryMib'));
    expect(() => choose(1, 512, 81)).toThrow(refused('spec.diskGib'));
    expect(() => choose(8, 8_192, 1)).toThrow(refused('spec.diskGib'));
    expect(() => chooseFlavor([], { cpuCount: 1, memoryMib: 1, diskGib: 1 }, 'size')).toThrow(
      refused('size.cpuCount'),
    );
  });
});

describe('the flavors of a backend', () => {
  const names = (flavors: readonly Flavor[], patterns?: readonly string[]): readonly string[] =>
    usableFlavors(flavors, patterns).map(({ name }) => name);

  it('are those that the configuration allows, by name', () => {
    const all = [flavor('m1.tiny', 1, 1, 1), flavor('m1xtiny', 1, 1, 1), flavor('gpu.big', 1, 1, 1)];
    expect(names(all)).toEqual(['m1.tiny', 'm1xtiny', 'gpu.big']);
    expect(names(all, ['m1.*'])).toEqual(['m1.tiny']);
    expect(names(all, ['*big', 'm1.tiny'])).toEqual(['m1.tiny', 'gpu.big']);
    expect(names(all, ['m1'])).toEqual([]);
  });

  it('have a disk and are not withdrawn', () => {
    expect(names([flavor('diskless', 1, 1, 0)])).toEqual([]);
    expect(names([{ ...flavor('old', 1, 1, 1), 'OS-FLV-DISABLED:disabled': true }])).toEqual([]);
  });
});
