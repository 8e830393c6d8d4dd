import { publicId } from '../../../src/simulators/ec2/images/public-images';
import { optionsSchema } from '../../../src/simulators/ec2/options';
import { startEc2Simulator } from '../../../src/simulators/ec2/start';
import { ENVIRONMENT, listingLagOf, WORK_MS } from './faulty-backend';
import type { BackendTrouble, FaultyBackend } from './faulty-backend';

export async function ec2(trouble: BackendTrouble): Promise<FaultyBackend> {
  const { lagMs, loseReply, seed } = trouble;
  const shape = { vms: 0, operationMs: WORK_MS, bootMs: WORK_MS, lagMs, faults: { loseReply }, seed };
  const simulator = await startEc2Simulator(optionsSchema.parse(shape), ENVIRONMENT);
  const pace = { pollIntervalMs: 250, listingLagMs: listingLagOf(trouble) };
  const entry = { name: 'ec2', kind: 'ec2', location: 'EXTERNAL', ...simulator.connection, ...pace };
  let failing = false;
  return {
    name: 'ec2',
    entry,
    imageRef: publicId('ami', 'tiny-1.0-x86_64'),
    inventory: async () =>
      simulator.control
        .instances()
        .filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
        .map(({ id, tags }) => ({
          backend: 'ec2',
          externalId: id,
          objectId: tags.find(({ key }) => key === 'hypergate:object')?.value ?? null,
        })),
    lostReplies: () => simulator.faults.count('loseReply'),
    hardships: ['AWAY', 'FAILING'],
    suffer: (hardship, act) => {
      simulator.refuseConnections(hardship === 'AWAY');
      const fails = hardship === 'FAILING' && act === 'create';
      // One launch fails, however often the gateway is started meanwhile.
      if (fails && !failing) simulator.control.failNextLaunch();
      failing = fails;
      return entry;
    },
    close: () => simulator.close(),
  };
}
