import { startEc2Simulator } from '../../src/simulators/ec2/start';
import { optionsSchema as ec2Options } from '../../src/simulators/ec2/options';
import { optionsSchema as openstackOptions } from '../../src/simulators/openstack/options';
import { startOpenstackSimulator } from '../../src/simulators/openstack/start';
import { publicId } from '../../src/simulators/ec2/images/public-images';
import { silentLogger } from '../../src/kernel';
import type { ChaosOptions } from './chaos-options';
import type { BackendVm } from './evidence';

/** A backend that outlives the gateways, loses replies and shows late what it made. */
export interface FaultyBackend {
  readonly name: string;
  /** The entry of a gateway's configuration. */
  readonly entry: object;
  readonly imageRef: string;
  /** All that lives there, whatever clients can see yet. */
  inventory(): BackendVm[];
  lostReplies(): number;
  close(): Promise<void>;
}

const ENVIRONMENT = { host: '127.0.0.1', port: 0, logger: silentLogger };
/** Quick, so that what takes time are the strikes and not the work. */
const WORK_MS = 100;

/** A little more than the backend really lags, as a careful operator configures it. */
function listingLagOf({ lagMs }: ChaosOptions): number {
  return lagMs === 0 ? 0 : lagMs + 300;
}

async function ec2(options: ChaosOptions): Promise<FaultyBackend> {
  const { lagMs, loseReply, seed } = options;
  const network = { faults: { loseReply }, seed };
  const shape = { vms: 0, operationMs: WORK_MS, bootMs: WORK_MS, lagMs, ...network };
  const simulator = await startEc2Simulator(ec2Options.parse(shape), ENVIRONMENT);
  const pace = { pollIntervalMs: 250, listingLagMs: listingLagOf(options) };
  return {
    name: 'ec2',
    entry: { name: 'ec2', kind: 'ec2', location: 'EXTERNAL', ...simulator.connection, ...pace },
    imageRef: publicId('ami', 'tiny-1.0-x86_64'),
    inventory: () =>
      simulator.control
        .instances()
        .filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
        .map(({ id, tags }) => ({
          backend: 'ec2',
          externalId: id,
          objectId: tags.find(({ key }) => key === 'hypergate:object')?.value ?? null,
        })),
    lostReplies: () => simulator.faults.count('loseReply'),
    close: () => simulator.close(),
  };
}

async function openstack(options: ChaosOptions): Promise<FaultyBackend> {
  const { lagMs, loseReply, seed } = options;
  const ample = 100_000;
  const quota = { instances: ample, cores: ample, memoryMib: 1_000 * ample, securityGroups: ample };
  const hosts = { hosts: 1_000, hostVcpus: ample, hostMemoryMib: 1_000 * ample };
  const shape = { vms: 0, operationMs: WORK_MS, lagMs, faults: { loseReply }, seed, quota, ...hosts };
  const simulator = await startOpenstackSimulator(openstackOptions.parse(shape), ENVIRONMENT);
  const pace = { pollIntervalMs: 250, listingLagMs: listingLagOf(options) };
  return {
    name: 'openstack',
    entry: { name: 'openstack', kind: 'openstack', location: 'EXTERNAL', ...simulator.connection, ...pace },
    imageRef: 'cirros',
    inventory: () =>
      simulator.control.servers().map(({ id, metadata }) => ({
        backend: 'openstack',
        externalId: id,
        objectId: metadata['hypergate:object'] ?? null,
      })),
    lostReplies: () => simulator.faults.count('loseReply'),
    close: () => simulator.close(),
  };
}

const STARTERS = { ec2, openstack } as const;

export function startBackends(options: ChaosOptions): Promise<FaultyBackend[]> {
  return Promise.all(options.backends.map((kind) => STARTERS[kind](options)));
}
