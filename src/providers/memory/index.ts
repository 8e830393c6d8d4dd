import type { ProviderFactory } from '../contract';
import { memoryConfigSchema } from './config';
import { Connection } from './connection';
import { FaultPlan } from './fault-plan';
import { MemoryModel } from './model';
import { MemoryProvider } from './provider';

export { createMemoryBackend, MemoryBackend } from './backend';
export type { MemoryConfigInput } from './config';

/** The demonstration backend: a little hypervisor inside this process. Each configured one is a host of its own. */
export const memoryProvider: ProviderFactory<typeof memoryConfigSchema> = {
  kind: 'memory',
  configSchema: memoryConfigSchema,
  create(config, { requests }) {
    const model = new MemoryModel(config);
    const connection = new Connection({
      model,
      faults: new FaultPlan(config.faults),
      available: () => true,
      admit: (signal) => requests.admit(signal),
      onClose: () => {
        model.stop();
      },
    });
    return new MemoryProvider(model, connection);
  },
};
