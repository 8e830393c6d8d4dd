import { VimClient } from '../../src/providers/vsphere/client';
import { VsphereIntruder } from '../../test/providers/vsphere/intruder';
import { GatewayClient } from '../../test/peers/support/gateway-client';
import { ADMIN_TOKEN, GatewayHome } from '../../test/peers/support/gateway-process';
import { createVm, welcomeCustomer } from '../../test/peers/support/gateway-requests';
import { followTask } from '../../test/peers/support/task-follower';
import type { Server } from './servers';

const CHANGES = 20;
const IMAGE = 'bench-image';
const EVENTS = 'subscription ($id: ID!) { vmEvents(vmId: $id) { vm { name } } }';

interface SeenVm {
  readonly vm: { readonly externalId: string };
}

interface SeenEvent {
  readonly vmEvents: { readonly vm: { readonly name: string } };
}

/**
 * How long after another client's change of a VM `vmEvents` of a gateway tells of it, in milliseconds, each one of twenty
 * renames; sorted.
 */
export async function measureFreshness({ url, username, password }: Server): Promise<number[]> {
  const backend = { name: 'dc', kind: 'vsphere', location: 'INTERNAL', url, username, password };
  const client = new VimClient({ url, username, password, callTimeoutMs: 30_000 });
  const home = await GatewayHome.make({ backends: [backend] });
  try {
    const intruder = new VsphereIntruder(client);
    await intruder.makeTemplate(IMAGE, 1);
    await home.start();
    const administrator = new GatewayClient(() => home.url, ADMIN_TOKEN);
    const { operator, templateId } = await welcomeCustomer(administrator, { backend: 'dc', imageRef: IMAGE });
    const size = { cpuCount: 1, memoryMib: 128, diskGib: 16 };
    const made = await createVm(operator, { name: 'watched', templateId, backend: 'dc', ...size });
    await followTask(operator, made.taskId);
    const seen: unknown = await operator.request('query ($id: ID!) { vm(id: $id) { externalId } }', {
      id: made.id,
    });
    return await timeRenames(operator, intruder, made.id, (seen as SeenVm).vm.externalId);
  } finally {
    await home.remove();
    await client.close();
  }
}

async function timeRenames(
  operator: GatewayClient,
  intruder: VsphereIntruder,
  id: string,
  externalId: string,
): Promise<number[]> {
  const events = operator.subscribe(EVENTS, { id });
  const times: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    const name = `renamed-${change}`;
    await intruder.rename(externalId, name);
    const begun = performance.now();
    await events.until((event: unknown) => (event as SeenEvent).vmEvents.vm.name === name);
    times.push(performance.now() - begun);
  }
  await events.close();
  return times.sort((a, b) => a - b);
}
