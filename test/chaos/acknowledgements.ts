import type { Acknowledgement } from './evidence';
import type { PatientClient } from './patient-client';

export interface Asked {
  /** Of the VM or network. */
  readonly id: string;
  readonly taskId: string;
  readonly acknowledgement: Acknowledgement;
}

/** Everything that was promised to clients. */
export class Acknowledgements {
  readonly all: Acknowledgement[] = [];
  private keys = 0;

  /** Asks for an operation under a key of its own, until it is answered. @throws Refusal */
  async ask(client: PatientClient, mutation: string, input: object): Promise<Asked> {
    const idempotencyKey = `key-${(this.keys += 1)}`;
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const object = mutation.endsWith('Network') ? 'network' : 'vm';
    const answers = mutation === 'deleteNetwork' ? '' : `${object} { id }`;
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${answers} task { id } } }`;
    const answer = (await client.request(query, { input: { ...input, idempotencyKey } }))[mutation];
    const taskId = answer.task.id as string;
    const acknowledgement = { idempotencyKey, taskId, cancelled: false };
    this.all.push(acknowledgement);
    return { id: (answer[object]?.id ?? '') as string, taskId, acknowledgement };
  }
}
