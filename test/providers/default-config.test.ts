import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { backendConfigSchemas } from '../../src/providers/registry';
import { SIMULATORS } from '../../src/simulators/registry';

describe('the embedded default configuration', () => {
  it('is accepted by the providers that it names', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'hypergate-default-'));
    try {
      const { backends } = loadConfig({
        providers: backendConfigSchemas(),
        simulators: SIMULATORS,
        env: {},
        cwd,
      });
      expect(backends[0]).toMatchObject({ name: 'demo', kind: 'memory', settings: { asynchronous: true } });
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});
