import { KeyedLock } from '../../kernel';
import type { Logger } from '../../kernel';
import { throttledError } from '../contract';
import type { ProviderEnvironment, RequestGate } from '../contract';
import { OpenStackClient, OpenStackError } from './client';
import type { Credentials, RequestLane } from './client';
import type { OpenStackConfig } from './config';
import { FlavorCatalog } from './flavor-catalog';

/** One configured cloud: what all parts of the provider share. */
export interface Cloud {
  readonly client: OpenStackClient;
  readonly config: OpenStackConfig;
  readonly logger: Logger;
  /** Keeps changes of one object in this process apart. */
  readonly locks: KeyedLock;
  readonly flavors: FlavorCatalog;
}

/** Does not connect. */
export function openCloud(config: OpenStackConfig, environment: ProviderEnvironment): Cloud {
  const { authUrl, region, caFile, callTimeoutMs } = config;
  const client = new OpenStackClient({
    authUrl,
    credentials: credentialsOf(config),
    region,
    interface: config.interface,
    caFile,
    callTimeoutMs,
    requests: laneOf(environment.requests),
  });
  return {
    client,
    config,
    logger: environment.logger,
    locks: new KeyedLock(),
    flavors: new FlavorCatalog(client, config.flavors),
  };
}

/** The gate repeats what it knows to be throttled; the client knows nothing of the gate's word for it. */
function laneOf(gate: RequestGate): RequestLane {
  return {
    run: (signal, send) =>
      gate.run(signal, async () => {
        try {
          return await send();
        } catch (error) {
          if (error instanceof OpenStackError && error.throttled)
            throw throttledError(error.retryAfterMs, error);
          throw error;
        }
      }),
  };
}

function credentialsOf(config: OpenStackConfig): Credentials {
  const { applicationCredentialId: id, applicationCredentialSecret: secret, domain } = config;
  if (id !== undefined && secret !== undefined) return { method: 'application_credential', id, secret };
  // The schema has seen to it that there is one or the other.
  const { username = '', password = '', project = '' } = config;
  return { method: 'password', username, password, project, domain };
}
