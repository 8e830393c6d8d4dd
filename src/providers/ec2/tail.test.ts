import { keepTail } from './tail';

it('keeps the end, beginning with a whole character', () => {
  expect(keepTail(Buffer.from('login: '), 100)).toBe('login: ');
  expect(keepTail(Buffer.from('abcdef'), 3)).toBe('def');
  expect(keepTail(Buffer.from('aéb'), 2)).toBe('b');
  expect(keepTail(Buffer.from('aéb'), 3)).toBe('éb');
  expect(keepTail(Buffer.alloc(0), 5)).toBe('');
});

it.each([1, 2, 3, 10, 299])('is never longer than %d bytes, whatever the guest wrote', (maxBytes) => {
  const noise = Buffer.from(Array.from({ length: 300 }, (_none, index) => (index * 37) % 256));
  expect(Buffer.byteLength(keepTail(noise, maxBytes))).toBeLessThanOrEqual(maxBytes);
});
