import type { ApiClient } from '../support/api/api-client';
import { createNetwork, createToken, registerTemplate, startVm, succeeded } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { newId } from '../../src/kernel';

/** One of each that a tenant can own, by id. */
export interface Estate {
  readonly tenant: string;
  readonly slug: string;
  readonly template: string;
  readonly network: string;
  /** Without any VM on it. */
  readonly spareNetwork: string;
  readonly vm: string;
  /** The task that made the VM. */
  readonly task: string;
  readonly apiToken: string;
  readonly backend: string;
  /** The cursor of the first event of `task`. */
  readonly firstCursor: string;
  /** A name and a prefix that nothing has yet. */
  readonly unique: string;
  readonly freeCidr: string;
}

let numbers = 0;

async function firstCursor(caller: ApiClient, taskId: string): Promise<string> {
  const source = caller.events('subscription ($id: ID!) { taskEvents(taskId: $id) { cursor } }', {
    id: taskId,
  });
  const { taskEvents } = await source.next();
  await source.close();
  return taskEvents.cursor;
}

/** Makes one of each for a tenant; `word` stands in every name and text that the tenant chooses. */
export async function makeEstate(admin: ApiClient, tenancy: Tenancy, word: string): Promise<Estate> {
  const number = (numbers += 1);
  const name = `${word}-${String(number)}`;
  const { operator, owner } = tenancy;
  const template = await registerTemplate(admin, { name, tenantId: tenancy.id });
  const network = await createNetwork(operator, { name, cidr: `10.${String(number)}.0.0/24` });
  const spare = { name: `${name}-spare`, cidr: `10.${String(number)}.1.0/24` };
  const vm = await startVm(operator, {
    ...{ name, templateId: template, networkIds: [network] },
    ...{ userData: `# ${word}`, sshKeys: [`ssh-ed25519 ${'A'.repeat(68)} ${word}`], idempotencyKey: name },
    labels: [{ name: `${word}-label`, value: `${word} value` }],
  });
  await succeeded(operator, vm.taskId);
  const { backends } = await admin.data('{ backends { id } }');
  return {
    ...{ tenant: tenancy.id, slug: tenancy.slug, template, network, vm: vm.id, task: vm.taskId },
    spareNetwork: await createNetwork(operator, spare),
    apiToken: (await createToken(owner, { role: 'VIEWER', name: `${word} token` })).id,
    backend: backends[0].id,
    firstCursor: await firstCursor(operator, vm.taskId),
    unique: `${name}-new`,
    freeCidr: `10.${String(number)}.2.0/24`,
  };
}

/** Ids of the right form that nobody ever had. */
export function unknownEstate(): Omit<Estate, 'firstCursor' | 'unique' | 'freeCidr' | 'spareNetwork'> {
  return {
    tenant: newId('tenant'),
    slug: 'nobody',
    template: newId('template'),
    network: newId('network'),
    vm: newId('vm'),
    task: newId('task'),
    apiToken: newId('apiToken'),
    backend: newId('backend'),
  };
}
