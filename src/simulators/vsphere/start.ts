import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RunningSimulator, SimulatorEnvironment } from '../simulator';
import type { ServerCertificate } from '../network/http-server';
import type { NetworkFaults } from '../network/network-faults';
import type { ModelControl } from './model/control';
import { createModel } from './model/create-model';
import { MemoryObjectStore } from './objects/memory-object-store';
import type { VsphereSimulatorOptions } from './options';
import { createProtocol } from './service/create-protocol';
import type { ProtocolOptions } from './service/create-protocol';
import type { Sessions } from './service/sessions';

/** A simulator with its controls, for tests. */
export interface VsphereSimulator extends RunningSimulator {
  /** What happens in the inventory behind every client's back. */
  readonly control: ModelControl;
  /** What the network does wrong. */
  readonly faults: NetworkFaults;
  readonly sessions: Sessions;
  /** While it refuses, every connection is reset. */
  refuseConnections(refusing: boolean): void;
}

/** @throws when the address is taken, or the state file or the certificate cannot be read */
export async function startVsphereSimulator(
  options: VsphereSimulatorOptions,
  { host, port, logger }: SimulatorEnvironment,
): Promise<VsphereSimulator> {
  const onError = (error: unknown): void => {
    logger.error({ err: error }, 'The vSphere simulator failed.');
  };
  const certificate = await readCertificate(options);
  const store = new MemoryObjectStore();
  const model = createModel(store, options, { onError, userName: options.username });
  const credentials = {
    username: options.username,
    password: options.password ?? randomBytes(18).toString('base64url'),
  };
  const server = createProtocol({
    store,
    methods: model.methods,
    credentials,
    service: { refs: model.refs, instanceUuid: model.instanceUuid },
    options: { ...protocolOptions(options), ...(certificate && { certificate }), onError },
  });
  const close = async (): Promise<void> => {
    await server.close();
    await model.close();
  };
  try {
    await model.open();
    const url = `${await server.start(host, port)}/sdk`;
    const { control } = model;
    const { faults, sessions } = server;
    const refuseConnections = server.refuseConnections.bind(server);
    return { url, connection: { url, ...credentials }, control, faults, sessions, refuseConnections, close };
  } catch (error) {
    await model.close().catch(onError);
    throw error;
  }
}

function protocolOptions(options: VsphereSimulatorOptions): ProtocolOptions {
  const { latencyMs, latencyJitterMs, bytesPerSecond, seed, sessionTimeoutMs, faults } = options;
  return {
    sessionTimeoutMs,
    line: { latencyMs, jitterMs: latencyJitterMs, seed, ...(bytesPerSecond !== null && { bytesPerSecond }) },
    faults: { probabilities: faults, seed },
  };
}

async function readCertificate({
  keyFile,
  certFile,
}: VsphereSimulatorOptions): Promise<ServerCertificate | null> {
  if (keyFile === null && certFile === null) return null;
  if (keyFile === null || certFile === null) throw new Error('keyFile and certFile belong together.');
  const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')]);
  return { key, cert };
}
