import { silentLogger } from '../../../src/kernel';
import { createProvider } from '../../../src/providers/registry';
import { VimClient } from '../../../src/providers/vsphere/client';
import { until } from '../../support/until';
import { startSimulator } from './simulator';
import { RequestGate } from '../../../src/providers/contract';

/** A vCenter that was set back gives out the ids of its tasks a second time. */
describe('an operation whose task is that of another VM', () => {
  it('is LOST, however that task ends', async () => {
    const server = await startSimulator({ vms: 2 });
    const { url, username, password } = server;
    const client = new VimClient({ url, username, password, callTimeoutMs: 10_000 });
    const provider = createProvider(
      'vsphere',
      { url, username, password },
      { backendName: 'dc', logger: silentLogger, requests: new RequestGate() },
    );
    try {
      const { rootFolder } = await client.content();
      const names = new Map<string, string>();
      for await (const { ref, properties } of client.retrieveContained(rootFolder, 'VirtualMachine', [
        'name',
      ]))
        names.set(properties.name ?? '', ref.value);
      const [ours = '', other = ''] = [names.get('vm-0000'), names.get('vm-0001')];
      const task = await client.call(
        'Rename_Task',
        { type: 'VirtualMachine', value: other },
        { newName: 'x' },
      );
      await until(
        async () => (await client.read(task, ['info']))?.info?.state,
        (state) => state === 'success',
      );
      const poll = (vm: string): Promise<{ state: string }> => {
        const marker = { installationId: 'i', tenantId: 't', objectId: 'o', operationId: 'p' };
        const ref = JSON.stringify({ then: 'NOTHING', marker, vm, task: task.value });
        const call = {
          signal: AbortSignal.timeout(10_000),
          logger: silentLogger,
          reportProgress: () => undefined,
        };
        return provider.pollOperation({ type: 'task', ref }, call);
      };
      expect((await poll(other)).state).toBe('DONE');
      expect((await poll(ours)).state).toBe('LOST');
    } finally {
      await provider.close();
      await client.close();
      await server.stop();
    }
  });
});
