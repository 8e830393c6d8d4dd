import type { Data } from './api-answer';
import type { ApiClient } from './api-client';

/** A tenant with a caller for each of its roles. */
export interface Tenancy {
  readonly id: string;
  readonly slug: string;
  readonly owner: ApiClient;
  readonly operator: ApiClient;
  readonly viewer: ApiClient;
}

export interface Made {
  readonly id: string;
  readonly taskId: string;
}

export async function createToken(
  caller: ApiClient,
  input: { readonly tenantId?: string; readonly role: string; readonly name?: string; expiresAt?: string },
): Promise<{ readonly id: string; readonly secret: string }> {
  const selection = 'token { id } secret';
  const { token, secret } = await caller.mutate('createApiToken', { name: 'test', ...input }, selection);
  return { id: token.id, secret };
}

export async function createTenancy(admin: ApiClient, slug: string, name = slug): Promise<Tenancy> {
  const { tenant } = await admin.mutate('createTenant', { slug, name }, 'tenant { id }');
  const tenantId = tenant.id as string;
  const as = async (role: string): Promise<ApiClient> =>
    admin.as((await createToken(admin, { tenantId, role })).secret);
  const [owner, operator, viewer] = await Promise.all([as('OWNER'), as('OPERATOR'), as('VIEWER')]);
  return { id: tenantId, slug, owner: owner, operator: operator, viewer: viewer };
}

/** Registers a template, realized on `lab` unless told otherwise; its id. */
export async function registerTemplate(
  admin: ApiClient,
  input: { readonly name: string; readonly tenantId?: string; readonly backends?: readonly string[] },
): Promise<string> {
  const { name, tenantId, backends = ['lab'] } = input;
  const realizations = backends.map((backend) => ({ backend, imageRef: `image-of-${name}` }));
  const made = await admin.mutate('registerTemplate', { name, tenantId, realizations }, 'template { id }');
  return made.template.id;
}

/** Follows a task to its end by its events; the task as it ended. */
export async function ended(caller: ApiClient, taskId: string): Promise<Data> {
  const source = caller.events(
    `subscription ($taskId: ID!) { taskEvents(taskId: $taskId) {
      kind task { id operation status progress message error { code message } steps { name status } }
    } }`,
    { taskId },
  );
  const events = await source.rest();
  await source.close();
  return events.at(-1).taskEvents.task;
}

export async function succeeded(caller: ApiClient, taskId: string): Promise<void> {
  expect(await ended(caller, taskId)).toMatchObject({ status: 'SUCCEEDED', progress: 100, error: null });
}

export async function startNetwork(caller: ApiClient, input: object): Promise<Made> {
  const defaults = { backend: 'lab', mode: 'NAT' };
  const selection = 'network { id } task { id }';
  const made = await caller.mutate('createNetwork', { ...defaults, ...input }, selection);
  return { id: made.network.id, taskId: made.task.id };
}

/** A network that is there; its id. */
export async function createNetwork(caller: ApiClient, input: object): Promise<string> {
  const made = await startNetwork(caller, input);
  await succeeded(caller, made.taskId);
  return made.id;
}

export async function startVm(caller: ApiClient, input: object): Promise<Made> {
  const made = await caller.mutate('createVm', { backend: 'lab', ...input }, 'vm { id } task { id }');
  return { id: made.vm.id, taskId: made.task.id };
}

/** A VM that is there; its id. */
export async function createVm(caller: ApiClient, input: object): Promise<string> {
  const made = await startVm(caller, input);
  await succeeded(caller, made.taskId);
  return made.id;
}

/** Asks for an operation on a VM; the id of its task. */
export async function operate(caller: ApiClient, operation: string, input: object): Promise<string> {
  return (await caller.mutate(operation, input, 'task { id }')).task.id;
}

/** Asks for an operation on a VM and follows it to its success. */
export async function operated(caller: ApiClient, operation: string, input: object): Promise<void> {
  await succeeded(caller, await operate(caller, operation, input));
}
