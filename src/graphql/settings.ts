import type { GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import type { Logger, TenantScope } from '../kernel';
import type { OperationLimits } from './limits/operation-guard';
import type { ContextSeeds } from './request-context';

/** How the gateway listens; the `server` part of the configuration. */
export interface ServerSettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Origins whose pages may call the API, beside the gateway's own. */
  readonly cors: { readonly origins: readonly string[] };
  readonly ide: boolean;
  readonly introspection: boolean;
  readonly metrics: boolean;
  readonly trustProxy: boolean;
  readonly drainMs: number;
}

/** What a single client may ask for; the `limits` part of the configuration. */
export interface EdgeLimits extends OperationLimits {
  readonly maxTokens: number;
  /** Of one event of a subscription. */
  readonly maxSubscriptionCost: number;
  readonly maxBodyBytes: number;
  readonly maxSocketPayloadBytes: number;
  readonly maxOperationsPerSocket: number;
  readonly maxSocketsPerTenant: number;
  /** Sockets that have not shown a token yet. */
  readonly maxPendingSockets: number;
}

/** Who a token belongs to. */
export interface Viewer {
  readonly scope: TenantScope;
  /** When the token ends; sockets opened with it are closed then. Null for never. */
  readonly expiresAt: Date | null;
}

/** Times that only tests have a reason to change, in milliseconds. */
export interface SocketTimings {
  /** From the opening of a socket to its `connection_init`. */
  readonly initMs: number;
  /** Between pings; a peer that has not answered by the next one is dropped. */
  readonly pingMs: number;
  /** Between checks that the tokens of open sockets still hold. */
  readonly recheckMs: number;
  /** How long something may wait for a client that takes nothing of it. */
  readonly stallMs: number;
}

/** A client that stops reading is found by the second ping or by what waits for it: both within 30 s. */
export const DEFAULT_SOCKET_TIMINGS: SocketTimings = {
  initMs: 5000,
  pingMs: 12_000,
  recheckMs: 3000,
  stallMs: 20_000,
};

export interface HttpServerOptions {
  readonly schema: GraphQLSchema;
  readonly server: ServerSettings;
  readonly limits: EdgeLimits;
  readonly logger: Logger;
  /**
   * Called for each request and socket that shows a token, and again while a socket stays open.
   * @throws UNAUTHENTICATED for a token that is unknown, malformed, expired or revoked
   */
  readonly authenticate: (token: string) => Promise<Viewer>;
  /** Rejects while the gateway cannot serve, for example without its database. */
  readonly readiness: () => Promise<void>;
  /** Where metrics are registered; a registry of its own when absent. */
  readonly registry?: Registry;
  readonly timings?: Partial<SocketTimings>;
  readonly seeds?: ContextSeeds;
}
