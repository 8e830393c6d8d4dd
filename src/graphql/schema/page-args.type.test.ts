import '../index';
import { encodeCursor } from './cursor';
import { toPage } from './page-args.type';

const key = { id: 'vm_1', value: 'Ü"name' };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('toPage', () => {
  it('is a page of 50 from the start by default', () => {
    expect(toPage({ first: null })).toEqual({ limit: 50, backward: false, after: null, before: null });
  });

  it('gives back the key inside a cursor', () => {
    const page = toPage({ last: 500, before: encodeCursor(key, 'NAME') }, 'NAME');
    expect(page).toEqual({ limit: 500, backward: true, after: null, before: key });
  });

  it('refuses a cursor of another ordering', () => {
    expect(() => toPage({ after: encodeCursor(key, 'NAME') }, 'CREATED_AT')).toThrow(
      'after: this cursor belongs',
    );
  });

  it.each([
    '',
    'not base64url!',
    'nonsense',
    encode('vm_1'),
    encode([]),
    encode(['', '', null]),
    encode(['vm_1', '', {}]),
    encode([1, '', null]),
    encode(['vm_1', '', null, 'more']),
    'A'.repeat(5000),
  ])('refuses what is no cursor: %s', (cursor) => {
    expect(() => toPage({ before: cursor })).toThrow('before: is not a cursor of this connection.');
  });

  it.each([{ first: -1 }, { first: 501 }, { last: 501 }, { first: 1, last: 1 }])('refuses %j', (args) => {
    expect(() => toPage(args)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
