import { randomBytes } from 'node:crypto';
import { FaultyEndpoint } from '../network/faulty-endpoint';
import { SimulatorHttpServer } from '../network/http-server';
import { Line } from '../network/line';
import { NetworkFaults } from '../network/network-faults';
import { seededRandom } from '../network/seeded-random';
import type { RunningSimulator, SimulatorEnvironment } from '../simulator';
import { computeApi } from './compute/compute-api';
import { ComputeService } from './compute/work/compute-service';
import { identityService } from './identity/identity-service';
import { Tokens } from './identity/tokens';
import { imageService } from './image/image-service';
import type { Cloud } from './model/cloud';
import { cloudControl } from './model/control';
import type { CloudControl } from './model/control';
import { landmarksOf, seed } from './model/seed';
import { Timers } from './model/timers';
import { World } from './model/world';
import { networkService } from './network/network-service';
import type { OpenstackSimulatorOptions } from './options';
import { readStateFile } from './state/state-file';
import { StateKeeper } from './state/state-keeper';
import { ApiEndpoint, headerOf } from './wire/api-endpoint';
import { PATHS } from './wire/paths';
import { requestName } from './wire/request-name';
import { Throttle } from './wire/throttle';

/** A simulator with its controls, for tests. */
export interface OpenstackSimulator extends RunningSimulator {
  /** What happens in the cloud behind every client's back. */
  readonly control: CloudControl;
  /** What the network does wrong; `wire/request-name.ts` says what requests are called. */
  readonly faults: NetworkFaults;
  readonly tokens: Tokens;
  /** While it refuses, every connection is reset. */
  refuseConnections(refusing: boolean): void;
}

/** @throws when the address is taken, or the state file cannot be read */
export async function startOpenstackSimulator(
  options: OpenstackSimulatorOptions,
  { host, port, logger }: SimulatorEnvironment,
): Promise<OpenstackSimulator> {
  const onError = (error: unknown): void => {
    logger.error({ err: error }, 'The OpenStack simulator failed.');
  };
  const timers = new Timers();
  const cloud = makeCloud(options);
  const service = new ComputeService(cloud, timers, seededRandom(options.seed));
  const keeper =
    options.stateFile === null ? null : new StateKeeper(cloud.world, timers, options.stateFile, onError);
  const faults = new NetworkFaults({ probabilities: options.faults, seed: options.seed });
  const server = makeServer(cloud, service, faults, onError);
  const close = async (): Promise<void> => {
    await server.close();
    timers.close();
    await keeper?.close();
  };
  try {
    await keeper?.open();
    const url = await server.start(host, port);
    service.resumeAll();
    const { username, project, domain } = options;
    const authUrl = `${url}${PATHS.identity.root}${PATHS.identity.version}`;
    const connection = { authUrl, username, password: cloud.password, project, domain };
    const refuseConnections = server.refuseConnections.bind(server);
    const control = cloudControl(cloud, service);
    return { url: authUrl, connection, control, faults, tokens: cloud.tokens, refuseConnections, close };
  } catch (error) {
    timers.close();
    throw error;
  }
}

function makeCloud(options: OpenstackSimulatorOptions): Cloud {
  const world = new World();
  const landmarks = landmarksOf(options);
  if (options.stateFile !== null) readStateFile(options.stateFile, world);
  seed(world, options, landmarks);
  const password = options.password ?? randomBytes(18).toString('base64url');
  const tokens = new Tokens(options.tokenMs, () => world.now());
  return { world, options, password, tokens, landmarks };
}

function makeServer(
  cloud: Cloud,
  service: ComputeService,
  faults: NetworkFaults,
  onError: (error: unknown) => void,
): SimulatorHttpServer {
  const { options, tokens, world } = cloud;
  const { latencyMs, latencyJitterMs, bytesPerSecond, seed: lineSeed, rateLimit } = options;
  const api = new ApiEndpoint({
    services: [
      identityService(cloud),
      computeApi(cloud, service),
      imageService(cloud),
      networkService(cloud),
    ],
    tokens,
    throttle: rateLimit === null ? null : new Throttle(rateLimit, () => world.now()),
    onError,
  });
  const endpoint = new FaultyEndpoint({
    faults,
    line: new Line({
      latencyMs,
      jitterMs: latencyJitterMs,
      seed: lineSeed,
      ...(bytesPerSecond !== null && { bytesPerSecond }),
    }),
    isStranger: (request) => tokens.find(headerOf(request, 'x-auth-token')) === null,
    nameOf: requestName,
    forgetCaller: (request) => tokens.revoke(headerOf(request, 'x-auth-token') ?? ''),
    answer: async (request) => api.answer(request),
  });
  return new SimulatorHttpServer({
    certificate: null,
    onError,
    serve: (request, response, signal) => endpoint.serve(request, response, signal),
  });
}
