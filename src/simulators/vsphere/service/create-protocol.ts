import { Line } from '../../network/line';
import type { LineOptions } from '../../network/line';
import { NetworkFaults } from '../../network/network-faults';
import type { NetworkFaultOptions } from '../../network/network-faults';
import type { ServerCertificate } from '../../network/http-server';
import { retrieveMethods } from '../collector/retrieve-methods';
import { updateMethods } from '../collector/update-methods';
import type { ObjectStore } from '../objects/object-store';
import { viewMethods } from '../views/view-methods';
import { Dispatcher } from './dispatcher';
import type { MethodTable } from './method';
import { MethodRegistry } from './method-registry';
import { addServiceObjects } from './service-content';
import type { ServiceDescription } from './service-content';
import { fetchMethod, serviceInstanceMethods } from './service-instance';
import type { Credentials } from './session-methods';
import { sessionManagerMethods } from './session-methods';
import { Sessions } from './sessions';
import { SoapEndpoint } from './soap-endpoint';
import { VsphereServer } from './vsphere-server';

const HALF_AN_HOUR_MS = 30 * 60 * 1_000;
/** As vCenter has it. */
const DEFAULT_MAX_SESSIONS = 2_000;

export interface ProtocolOptions {
  /** Default half an hour, as vCenter has it. */
  readonly sessionTimeoutMs?: number;
  readonly maxSessions?: number;
  readonly certificate?: ServerCertificate;
  readonly line?: LineOptions;
  readonly faults?: NetworkFaultOptions;
  /** The clock of the sessions, in milliseconds. */
  readonly now?: () => number;
  /** Told of what is a mistake of the simulator itself; by default nobody is. */
  readonly onError?: (error: unknown) => void;
}

export interface ProtocolParts {
  readonly store: ObjectStore;
  /** The methods of the model. */
  readonly methods: readonly MethodTable[];
  readonly credentials: Credentials;
  readonly service: ServiceDescription;
  readonly options?: ProtocolOptions;
}

/** Puts the protocol around a store and the methods of its objects. The server has to be started. */
export function createProtocol({
  store,
  methods,
  credentials,
  service,
  options = {},
}: ProtocolParts): VsphereServer {
  addServiceObjects(store, service);
  const { onError = () => undefined, certificate = null } = options;
  const sessions = new Sessions({
    timeoutMs: options.sessionTimeoutMs ?? HALF_AN_HOUR_MS,
    maxSessions: options.maxSessions ?? DEFAULT_MAX_SESSIONS,
    now: options.now ?? (() => Date.now()),
  });
  const registry = new MethodRegistry();
  const login = sessionManagerMethods(sessions, credentials);
  const own = [serviceInstanceMethods, login, fetchMethod, retrieveMethods, ...updateMethods, ...viewMethods];
  for (const table of [...own, ...methods]) registry.register(table);
  const faults = new NetworkFaults(options.faults);
  const endpoint = new SoapEndpoint({
    dispatcher: new Dispatcher(store, registry, sessions),
    sessions,
    faults,
    line: new Line(options.line),
    secure: certificate !== null,
    onError,
  });
  return new VsphereServer({ store, registry, sessions, faults, endpoint, certificate, onError });
}
