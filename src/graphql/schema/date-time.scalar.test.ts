import { Kind } from 'graphql';
import { DateTime } from './date-time.scalar';

describe('DateTime', () => {
  it.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.123456+02:00', '2026-01-31T07:30:00.123Z'],
    ['2024-02-29t00:00:00z', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(DateTime.parseValue(text).toISOString()).toBe(iso);
    expect(DateTime.parseLiteral({ kind: Kind.STRING, value: text }, {}).toISOString()).toBe(iso);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T09:30:00',
    '2026-01-31',
    '',
    1769851800000,
    null,
  ])('refuses %p, without repeating it', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('DateTime cannot represent a value that is no RFC 3339');
  });

  it('writes UTC with milliseconds', () => {
    expect(DateTime.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(() => DateTime.serialize('1970')).toThrow(TypeError);
  });
});
