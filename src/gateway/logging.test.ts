import { createLogger } from './logging';

function capture(): { lines: string[]; logger: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  return { lines, logger };
}

const SECRET = 'swordfish-1234';

describe('createLogger', () => {
  it('writes one JSON object a line, whatever the text holds', () => {
    const { lines, logger } = capture();
    logger.info({ name: 'a\nb\r\u2028"}', big: 2n ** 70n }, 'two\nlines');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      msg: 'two\nlines',
      name: 'a\nb\r\u2028"}',
    });
  });

  it.each([
    ['a header', { headers: { Authorization: SECRET } }],
    ['a token', { adminToken: SECRET }],
    ['a nested secret', { a: [{ b: { secretAccessKey: SECRET } }] }],
    ['user data', { input: { userData: SECRET, sshKeys: [SECRET] } }],
    ['a password in snake case', { DB_PASSWORD: SECRET }],
    ['a bearer token in text', { note: `sent Bearer ${SECRET} twice` }],
    ['a URL', { url: `mysql://user:${SECRET}@db/x` }],
    ['an error', { err: new Error(`refused Bearer ${SECRET}`, { cause: { token: SECRET } }) }],
    ["an error's property", { err: Object.assign(new Error('x'), { parameters: [SECRET] }) }],
  ])('redacts %s', (_title, fields) => {
    const { lines, logger } = capture();
    logger.error(fields, `Bearer ${SECRET}`);
    logger.child(fields).warn({}, 'child');
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain(SECRET);
    expect(lines.join('')).toContain('[redacted]');
  });

  it('keeps the stack and the cause of an error', () => {
    const { lines, logger } = capture();
    logger.error({ err: new Error('outer', { cause: new TypeError('inner') }) }, 'failed');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: {
        type: 'Error',
        message: 'outer',
        stack: expect.stringContaining('logging.test'),
        cause: { type: 'TypeError' },
      },
    });
  });

  it('survives circular objects', () => {
    const { lines, logger } = capture();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    logger.info(circular, 'round');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'round' });
  });

  it('keeps levels below its own silent', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
    logger.info({}, 'no');
    logger.warn({}, 'yes');
    expect(lines).toHaveLength(1);
  });
});
