import { randomBytes } from 'node:crypto';
import { FaultyEndpoint } from '../network/faulty-endpoint';
import { SimulatorHttpServer } from '../network/http-server';
import { Line } from '../network/line';
import { NetworkFaults } from '../network/network-faults';
import type { RunningSimulator, SimulatorEnvironment } from '../simulator';
import { accountControl } from './model/control';
import type { AccountControl } from './model/control';
import { accountActions, fillAccount } from './model/create-account';
import { World } from './model/world';
import type { Ec2SimulatorOptions } from './options';
import { restoreAccount, saveAccount } from './state/saved-account';
import { readStateFile } from './state/state-file';
import { StateKeeper } from './state/state-keeper';
import { claimedKeyId } from './wire/authentication';
import type { Account } from './wire/authentication';
import { Dispatcher } from './wire/dispatcher';
import { QueryEndpoint } from './wire/endpoint';
import { TokenBucket } from './wire/token-bucket';

/** A simulator with its controls, for tests. */
export interface Ec2Simulator extends RunningSimulator {
  /** What happens in the account behind every client's back. */
  readonly control: AccountControl;
  /** What the network does wrong; requests go by the names of their actions. */
  readonly faults: NetworkFaults;
  /** While it refuses, every connection is reset. */
  refuseConnections(refusing: boolean): void;
}

/** @throws when the address is taken or the state file cannot be read */
export async function startEc2Simulator(
  options: Ec2SimulatorOptions,
  { host, port, logger }: SimulatorEnvironment,
): Promise<Ec2Simulator> {
  const onError = (error: unknown): void => {
    logger.error({ err: error }, 'The EC2 simulator failed.');
  };
  const account: Account = {
    region: options.region,
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey ?? randomBytes(30).toString('base64url'),
  };
  const world = new World(options);
  const { actions, fates } = accountActions(world);
  const keeper = await openState(options.stateFile, world, onError);
  const dispatcher = new Dispatcher(world, actions);
  const { server, faults } = createServer(options, { account, world, dispatcher, keeper, onError });
  const endpoint = await server.start(host, port);
  return {
    url: endpoint,
    connection: { ...account, endpoint },
    control: accountControl(world, fates, dispatcher),
    faults,
    refuseConnections: server.refuseConnections.bind(server),
    close: async () => {
      await server.close();
      await keeper?.whenKept();
    },
  };
}

/** Goes on with what is in the file, or begins an account and the file. Null: it is not kept. */
async function openState(
  path: string | null,
  world: World,
  onError: (error: unknown) => void,
): Promise<StateKeeper | null> {
  const saved = path === null ? null : readStateFile(path);
  if (saved === null) fillAccount(world);
  else restoreAccount(world, saved);
  if (path === null) return null;
  const keeper = new StateKeeper(path, () => saveAccount(world), onError);
  await keeper.open();
  world.onChange(() => keeper.changed());
  return keeper;
}

interface ServerParts {
  readonly account: Account;
  readonly world: World;
  readonly dispatcher: Dispatcher;
  readonly keeper: StateKeeper | null;
  onError(error: unknown): void;
}

function createServer(
  options: Ec2SimulatorOptions,
  parts: ServerParts,
): { readonly server: SimulatorHttpServer; readonly faults: NetworkFaults } {
  const { account, dispatcher } = parts;
  const { latencyMs, latencyJitterMs, bytesPerSecond, seed, rateLimit } = options;
  const faults = new NetworkFaults({ probabilities: options.faults, seed });
  const query = new QueryEndpoint({
    account,
    dispatcher,
    bucket: rateLimit && new TokenBucket(rateLimit),
    now: () => parts.world.now(),
    whenKept: async () => parts.keeper?.whenKept(),
    onError: (error) => parts.onError(error),
  });
  const endpoint = new FaultyEndpoint({
    faults,
    line: new Line({
      latencyMs,
      jitterMs: latencyJitterMs,
      seed,
      ...(bytesPerSecond !== null && { bytesPerSecond }),
    }),
    isStranger: ({ headers }) => claimedKeyId(headers.authorization) !== account.accessKeyId,
    nameOf: (request) => QueryEndpoint.nameOf(request),
    forgetCaller: (request) => query.forgetCaller(request),
    answer: (request) => query.answer(request),
  });
  const server = new SimulatorHttpServer({
    certificate: null,
    onError: (error) => parts.onError(error),
    serve: (request, response, signal) => endpoint.serve(request, response, signal),
  });
  return { server, faults };
}
