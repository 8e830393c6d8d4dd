import { configSchema } from './config';

const uri = 'qemu+unix:///system?socket=/run/libvirt/libvirt-sock';

describe('configSchema', () => {
  it('needs nothing but the URI', () => {
    expect(configSchema.parse({ uri })).toEqual({
      uri,
      accelerator: 'auto',
      pool: 'hypergate',
      poolPath: '/var/lib/libvirt/hypergate',
      machine: 'q35',
      gracefulStopTimeoutMs: 120_000,
      callTimeoutMs: 30_000,
    });
  });

  it.each([
    [{}, 'uri'],
    [{ uri: 'nonsense' }, 'uri'],
    [{ uri: 'qemu+ssh://host/system' }, 'uri'],
    [{ uri, accelerator: 'hvf' }, 'accelerator'],
    [{ uri, pool: '../x' }, 'pool'],
    [{ uri, pool: 'a\nb' }, 'pool'],
    [{ uri, poolPath: 'relative' }, 'poolPath'],
    [{ uri, machine: "q35'/>" }, 'machine'],
    [{ uri, gracefulStopTimeoutMs: 0 }, 'gracefulStopTimeoutMs'],
    [{ uri, callTimeoutMs: '5' }, 'callTimeoutMs'],
  ])('refuses %j by naming the key %s', (input, key) => {
    const result = configSchema.safeParse(input);
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([key]);
  });

  it('refuses a key that it does not know', () => {
    expect(configSchema.safeParse({ uri, password: 'x' }).error?.issues[0]?.code).toBe('unrecognized_keys');
  });
});
