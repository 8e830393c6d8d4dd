import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the edge counts. One object per gateway, so that several can run in one process. */
export interface EdgeMetrics {
  readonly registry: Registry;
  readonly httpSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly operations: Counter<'type' | 'code'>;
  readonly openSockets: Gauge;
  readonly activeSubscriptions: Gauge;
  readonly sharedSubscriptions: Gauge;
  readonly deliveredEvents: Counter;
}

export function createEdgeMetrics(registry = new Registry()): EdgeMetrics {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    httpSeconds: new Histogram({
      name: 'hypergate_http_request_duration_seconds',
      help: 'Time from the arrival of an HTTP request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    operations: new Counter({
      name: 'hypergate_graphql_operations_total',
      help: 'GraphQL operations by type and outcome: OK or the code of the first error.',
      labelNames: ['type', 'code'],
      registers,
    }),
    openSockets: new Gauge({
      name: 'hypergate_websockets_open',
      help: 'WebSockets that are open.',
      registers,
    }),
    activeSubscriptions: new Gauge({
      name: 'hypergate_subscriptions_active',
      help: 'Subscriptions that are delivering events.',
      registers,
    }),
    sharedSubscriptions: new Gauge({
      name: 'hypergate_subscriptions_distinct',
      help: 'Different subscriptions among them; equal ones share one execution.',
      registers,
    }),
    deliveredEvents: new Counter({
      name: 'hypergate_subscription_events_delivered_total',
      help: 'Events written to subscribers.',
      registers,
    }),
  };
}
