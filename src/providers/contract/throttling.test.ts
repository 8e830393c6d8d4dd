import { parseRetryAfter } from './throttling';

const NOW = Date.parse('2026-01-01T00:00:00Z');

it.each([
  ['0', 0],
  ['120', 120_000],
  [' 3 ', 3_000],
  ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
  // Gone by: at once.
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['', null],
  [null, null],
  ['soon', null],
  ['-1', null],
  ['1.5', null],
  ['2026', 2_026_000],
])('Retry-After: %j asks to wait %j ms', (header, waitMs) => {
  expect(parseRetryAfter(header, NOW)).toBe(waitMs);
});
