import { newId, silentLogger } from '../../../src/kernel';
import { RequestGate, unwatchedCall } from '../../../src/providers/contract';
import { openCloud } from '../../../src/providers/openstack/cloud';
import { configSchema } from '../../../src/providers/openstack/config';
import { createNetwork } from '../../../src/providers/openstack/networks';
import { openstackSimulator } from '../../../src/simulators/openstack';

const context = unwatchedCall(new AbortController().signal, silentLogger);

it('comes to its end on a cloud that is asked faster than it wants to be', async () => {
  const options = openstackSimulator.optionsSchema.parse({ rateLimit: { burst: 1, perSecond: 30 } });
  const simulator = await openstackSimulator.start(options, {
    host: '127.0.0.1',
    port: 0,
    logger: silentLogger,
  });
  let throttled = 0;
  const requests = new RequestGate({ onThrottled: () => (throttled += 1) });
  const config = configSchema.parse(simulator.connection);
  const cloud = openCloud(config, { backendName: 'cloud', logger: silentLogger, requests });
  try {
    const made = await Promise.all(
      ['10.91.0.0/24', '10.92.0.0/24'].map((cidr) => {
        const [installationId, tenantId] = [newId('tenant'), newId('tenant')];
        const marker = { installationId, tenantId, objectId: newId('network'), operationId: newId('task') };
        return createNetwork(cloud, { marker, name: 'web', mode: 'ISOLATED', cidr }, context);
      }),
    );
    expect(made).toMatchObject([{ state: 'DONE' }, { state: 'DONE' }]);
    expect(throttled).toBeGreaterThan(0);
  } finally {
    cloud.client.close();
    await simulator.close();
  }
});
