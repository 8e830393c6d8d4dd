import type { GatewayClient } from './gateway-client';

/** A tenant with an operator, and a template that everybody may use. */
export interface Customer {
  readonly tenantId: string;
  readonly templateId: string;
  /** Speaks with the operator's token. */
  readonly operator: GatewayClient;
}

export interface StartedOn {
  readonly id: string;
  readonly taskId: string;
}

/** What an administrator does for a new customer. */
export async function welcomeCustomer(
  administrator: GatewayClient,
  realization: { readonly backend: string; readonly imageRef: string },
  slug = 'acme',
): Promise<Customer> {
  const { createTenant } = await administrator.request(
    'mutation ($slug: String!) { createTenant(input: { slug: $slug, name: "A customer" }) { tenant { id } } }',
    { slug },
  );
  const tenantId = createTenant.tenant.id as string;
  const { createApiToken } = await administrator.request(
    `mutation ($tenantId: ID!) {
      createApiToken(input: { tenantId: $tenantId, role: OPERATOR, name: "robot" }) { secret }
    }`,
    { tenantId },
  );
  const { registerTemplate } = await administrator.request(
    `mutation ($name: String!, $realization: RealizationInput!) {
      registerTemplate(input: { name: $name, realizations: [$realization] }) { template { id } }
    }`,
    { name: `guest-of-${slug}`, realization },
  );
  return {
    tenantId,
    templateId: registerTemplate.template.id as string,
    operator: administrator.as(createApiToken.secret as string),
  };
}

export async function createNetwork(operator: GatewayClient, input: object): Promise<StartedOn> {
  const { createNetwork: made } = await operator.request(
    `mutation ($input: CreateNetworkInput!) { createNetwork(input: $input) { network { id } task { id } } }`,
    { input },
  );
  return { id: made.network.id as string, taskId: made.task.id as string };
}

export async function deleteNetwork(operator: GatewayClient, id: string): Promise<StartedOn> {
  const { deleteNetwork: going } = await operator.request(
    'mutation ($id: ID!) { deleteNetwork(input: { id: $id }) { task { id } } }',
    { id },
  );
  return { id, taskId: going.task.id as string };
}

export async function createVm(operator: GatewayClient, input: object): Promise<StartedOn> {
  const { createVm: made } = await operator.request(
    'mutation ($input: CreateVmInput!) { createVm(input: $input) { vm { id } task { id } } }',
    { input },
  );
  return { id: made.vm.id as string, taskId: made.task.id as string };
}

export type VmOperation =
  'startVm' | 'stopVm' | 'rebootVm' | 'suspendVm' | 'resumeVm' | 'resizeVm' | 'deleteVm';

/** Asks for one of the operations whose input begins with the VM's id. */
export async function operateVm(
  operator: GatewayClient,
  operation: VmOperation,
  input: { readonly id: string },
): Promise<StartedOn> {
  const type = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`;
  const data = await operator.request(
    `mutation ($input: ${type}!) { ${operation}(input: $input) { task { id } } }`,
    { input },
  );
  return { id: input.id, taskId: data[operation].task.id as string };
}
