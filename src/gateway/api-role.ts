import { serveApi } from './api-resolvers';
import type { Config } from '../config';
import type { Foundation } from './foundation';
import type { GatewayMetrics } from './gateway-metrics';
import { startHttpServer, startProbeServer } from '../graphql';
import type { HttpServer, SocketTimings } from '../graphql';
import type { Logger } from '../kernel';
import type { assembleNouns } from './nouns';
import { Authenticator, forgetAdminToken, loadAdminToken } from '../tenants';

export interface ApiOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly foundation: Foundation;
  readonly nouns: ReturnType<typeof assembleNouns>;
  readonly metrics: GatewayMetrics;
  readonly socketTimings?: Partial<SocketTimings> | undefined;
}

/** What a gateway answers over HTTP. */
export interface Api {
  readonly http: HttpServer;
  /** The administrator's token if this start has just made it. */
  readonly newAdminToken: string | null;
  /** For a start that fails later: nobody has seen the new token, and nobody ever would. */
  forget(): Promise<void>;
}

/** The role `api`. @throws when the address cannot be had */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { config, foundation, nouns, socketTimings } = options;
  const admin = await loadAdminToken(foundation.settings, config.auth.adminToken);
  const forget = async (): Promise<void> => {
    if (admin.newToken !== null) await forgetAdminToken(foundation.settings);
  };
  const authenticator = new Authenticator(nouns.stores.tokens, admin.hash);
  try {
    const http = await startHttpServer({
      ...probeOptions(options),
      schema: serveApi(nouns.resolvers),
      authenticate: async (token) => {
        const { scope, expiresAt } = await authenticator.authenticate(token);
        return { scope, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
      },
      seeds: nouns.seeds,
      ...(socketTimings && { timings: socketTimings }),
    });
    return { http, newAdminToken: admin.newToken, forget };
  } catch (error) {
    await forget();
    throw error;
  }
}

/** What a gateway without that role answers all the same. @throws when the address cannot be had */
export async function startProbes(options: ApiOptions): Promise<Api> {
  const http = await startProbeServer(probeOptions(options));
  return { http, newAdminToken: null, forget: () => Promise.resolve() };
}

function probeOptions({ config, logger, foundation, metrics }: ApiOptions) {
  const { server, limits } = config;
  const readiness = (): Promise<void> => foundation.database.ping();
  return { server, limits, logger, readiness, registry: metrics.registry };
}
