import { until } from '../../support/until';
import type { GatewayClient } from './gateway-client';
import { operateVm } from './gateway-requests';
import type { VmOperation } from './gateway-requests';
import { followTask } from './task-follower';
import type { SeenEvent } from './task-follower';

const VM = `query ($id: ID!) {
  vm(id: $id) {
    status powerState cpuCount memoryMib diskGib ipAddresses externalId
    networks { macAddress ipAddresses network { name } }
  }
}`;

/** One VM in its operator's hands. */
export class OperatedVm {
  constructor(
    private readonly operator: GatewayClient,
    readonly id: string,
  ) {}

  async look(): Promise<Record<string, unknown>> {
    return (await this.operator.request(VM, { id: this.id })).vm;
  }

  async consoleLog(): Promise<string> {
    const { vm } = await this.operator.request(
      'query ($id: ID!) { vm(id: $id) { consoleLog(maxBytes: 262144) } }',
      { id: this.id },
    );
    return vm.consoleLog as string;
  }

  async timesLogged(text: string): Promise<number> {
    return (await this.consoleLog()).split(text).length - 1;
  }

  /** The guest writes when it likes, and nobody is told. */
  async logs(text: string, times: number): Promise<void> {
    await until(
      () => this.timesLogged(text),
      (count) => count === times,
      60_000,
      200,
    );
  }

  async operate(operation: VmOperation, input: object = {}): Promise<SeenEvent[]> {
    const { taskId } = await operateVm(this.operator, operation, { id: this.id, ...input });
    const events = await followTask(this.operator, taskId);
    expect(events.at(-1)).toMatchObject({ kind: 'SUCCEEDED', task: { progress: 100, error: null } });
    return events;
  }
}
