import { silentLogger } from '../kernel';
import { PROVIDER_KINDS, backendConfigSchemas, createProvider } from './registry';
import { RequestGate } from './contract';

const environment = { backendName: 'demo', logger: silentLogger, requests: new RequestGate() };
const context = {
  signal: new AbortController().signal,
  logger: silentLogger,
  reportProgress: () => undefined,
};

test('every kind has a schema that refuses unknown keys', () => {
  const schemas = backendConfigSchemas();
  expect(Object.keys(schemas)).toEqual(PROVIDER_KINDS);
  for (const schema of Object.values(schemas)) expect(schema.safeParse({ noSuchKey: 1 }).success).toBe(false);
});

test('a provider is made guarded, from raw and from validated keys alike', async () => {
  const raw = { images: [{ name: 'debian' }] };
  for (const config of [raw, backendConfigSchemas().memory.parse(raw)]) {
    const provider = createProvider('memory', config, environment);
    expect(provider.kind).toBe('memory');
    expect(await provider.resolveImage('debian', context)).toMatchObject({ minDiskGib: 1 });
    await expect(provider.resolveImage('', context)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await provider.close();
    await expect(provider.probe(context)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  }
});

test('bad keys are refused with their path', () => {
  expect(() => createProvider('memory', { faults: { refuse: 2 } }, environment)).toThrow(/refuse/);
});
