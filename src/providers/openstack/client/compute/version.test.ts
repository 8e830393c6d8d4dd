import { requireVersion } from './version';

const refused = (version: string, min_version = '2.1'): boolean => {
  try {
    requireVersion({ version, min_version });
    return false;
  } catch {
    return true;
  }
};

it('wants a range that includes the pinned microversion', () => {
  expect(refused('2.93')).toBe(false);
  expect(refused('2.100')).toBe(false);
  expect(refused('3.1')).toBe(false);
  expect(refused('2.92')).toBe(true);
  expect(refused('2.9')).toBe(true);
  expect(refused('')).toBe(true);
  expect(refused('2.96', '2.94')).toBe(true);
});
