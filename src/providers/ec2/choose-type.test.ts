import { chooseType } from './choose-type';

const type = (name: string, cpuCount: number, memoryMib: number, ...architectures: string[]) => ({
  name,
  cpuCount,
  memoryMib,
  architectures: architectures.length > 0 ? architectures : ['x86_64'],
});

const TYPES = [
  type('t3.xlarge', 4, 16_384),
  type('t3.nano', 2, 512, 'i386', 'x86_64'),
  type('t3.micro', 2, 1_024),
  type('t3a.micro', 2, 1_024),
  type('c6i.xlarge', 4, 8_192),
  type('t4g.nano', 2, 512, 'arm64'),
];

const chosen = (cpuCount: number, memoryMib: number, architecture = 'x86_64') =>
  chooseType(TYPES, { cpuCount, memoryMib }, architecture)?.name ?? null;

it('takes the smallest that has at least what is asked for', () => {
  expect(chosen(1, 128)).toBe('t3.nano');
  expect(chosen(2, 512)).toBe('t3.nano');
  expect(chosen(2, 513)).toBe('t3.micro');
  expect(chosen(3, 128)).toBe('c6i.xlarge');
  expect(chosen(1, 8_193)).toBe('t3.xlarge');
});

it("keeps to the image's architecture, and says when nothing fits", () => {
  expect(chosen(1, 128, 'arm64')).toBe('t4g.nano');
  expect(chosen(1, 1_024, 'arm64')).toBeNull();
  expect(chosen(5, 128)).toBeNull();
});

it('chooses the same whatever the order of the list', () => {
  const least = { cpuCount: 1, memoryMib: 1_024 };
  expect(chooseType(TYPES, least, 'x86_64')).toEqual(chooseType(TYPES.toReversed(), least, 'x86_64'));
});
