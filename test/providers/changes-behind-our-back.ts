import type { ApiClient } from '../support/api/api-client';

const VM_EVENTS = `subscription ($id: ID!) { vmEvents(vmId: $id) { vm { name status powerState } } }`;
const VM = 'query ($id: ID!) { vm(id: $id) { name status } }';

/** Another client of the same backend. */
export interface Intruder {
  powerOff(externalId: string): Promise<void>;
  rename(externalId: string, name: string): Promise<void>;
  destroy(externalId: string): Promise<void>;
}

/** Each of its doings is told by `vmEvents`, and stands in the VM afterwards. The VM is destroyed in the end. */
export async function expectChangesSeen(
  caller: ApiClient,
  { id, externalId }: { readonly id: string; readonly externalId: string },
  intruder: Intruder,
): Promise<void> {
  const look = async () => (await caller.data(VM, { id })).vm;
  const events = caller.events(VM_EVENTS, { id });

  await intruder.powerOff(externalId);
  await events.until(({ vmEvents: { vm } }) => vm.powerState === 'POWERED_OFF');
  expect(await look()).toMatchObject({ status: 'STOPPED' });

  await intruder.rename(externalId, 'renamed');
  await events.until(({ vmEvents: { vm } }) => vm.name === 'renamed');
  expect(await look()).toMatchObject({ name: 'renamed' });

  await intruder.destroy(externalId);
  await events.until(({ vmEvents: { vm } }) => vm.powerState === 'UNKNOWN');
  await events.close();
}
