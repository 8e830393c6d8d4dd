import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BackendDirectory, LiveBackend } from './backends';
import type { ReconcilerMetrics } from './inventory';
import type { ProviderCall } from './providers/contract';

/** What the gateway measures beside its edge. */
export interface GatewayMetrics {
  /** The edge registers its own metrics here, too. */
  readonly registry: Registry;
  observeCall(backend: string, call: ProviderCall): void;
  observeCircuit(backend: string, isOpen: boolean): void;
  readonly observePoisoned: (operation: string, phase: string) => void;
  /** Adds so many refusals; none makes the backend known. */
  observeThrottled(backend: string, refusals: number): void;
  observeQuotaDrift(drifts: number): void;
  readonly reconciler: ReconcilerMetrics;
}

/**
 * @param runningTasks tasks under way in this process
 */
export function createGatewayMetrics(backends: BackendDirectory, runningTasks: () => number): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  const calls = new Histogram({
    name: 'hypergate_backend_call_duration_seconds',
    help: 'Time of a call to a backend by method and outcome: OK, the code of its error, or CIRCUIT_OPEN.',
    labelNames: ['backend', 'method', 'code'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
    registers,
  });
  const throttled = new Counter({
    name: 'hypergate_backend_throttled_total',
    help: 'Requests that a backend refused because there were too many.',
    labelNames: ['backend'],
    registers,
  });
  const quotaDrift = new Counter({
    name: 'hypergate_quota_drift_total',
    help: 'Mistakes that a recount found in what tenants are said to use and hold, and put right.',
    registers,
  });
  const poisoned = new Counter({
    name: 'hypergate_tasks_poisoned_total',
    help: 'Tasks that were stopped because they killed their workers; by operation and phase, DO or UNDO.',
    labelNames: ['operation', 'phase'],
    registers,
  });
  const openCircuits = backendGauges(backends, registry);
  new Gauge({
    name: 'hypergate_tasks_running',
    help: 'Tasks under way in this process.',
    registers,
    collect() {
      this.set(runningTasks());
    },
  });
  return {
    registry,
    observeCall: (backend, { method, code, durationMs }) => {
      calls.observe({ backend, method, code }, durationMs / 1000);
    },
    observePoisoned: (operation, phase) => {
      poisoned.inc({ operation, phase });
    },
    observeThrottled: (backend, refusals) => {
      throttled.inc({ backend }, refusals);
    },
    observeQuotaDrift: (drifts) => {
      quotaDrift.inc(drifts);
    },
    reconciler: reconcilerMetrics(registry),
    observeCircuit: (backend, isOpen) => {
      if (isOpen) openCircuits.add(backend);
      else openCircuits.delete(backend);
    },
  };
}

function reconcilerMetrics(registry: Registry): ReconcilerMetrics {
  const counter = (name: string, help: string, label: string): Counter =>
    new Counter({
      ...{ name: `hypergate_reconciler_${name}_total`, help },
      ...{ labelNames: ['backend', label], registers: [registry] },
    });
  const passes = counter('passes', 'Comparisons of a backend with the database: DONE or FAILED.', 'outcome');
  const removed = counter(
    'orphans_removed',
    'What was removed because nobody would ask for it again.',
    'kind',
  );
  const missing = counter('missing', 'What was on record and found gone from its backend.', 'kind');
  const stuck = counter('stuck', 'What had no task to end its PROVISIONING or DELETING.', 'kind');
  return {
    onPass: (backend, outcome) => {
      passes.inc({ backend, outcome });
    },
    onRemoved: (backend, kind) => {
      removed.inc({ backend, kind });
    },
    onMissing: (backend, kind) => {
      missing.inc({ backend, kind });
    },
    onStuck: (backend, kind) => {
      stuck.inc({ backend, kind });
    },
  };
}

/** How each backend is. @returns the names of those whose circuit is open, for the caller to keep */
function backendGauges(backends: BackendDirectory, registry: Registry): Set<string> {
  const registers = [registry];
  const openCircuits = new Set<string>();
  const ofBackends = (name: string, help: string, holds: (live: LiveBackend) => boolean): unknown =>
    new Gauge({
      ...{ name, help, labelNames: ['backend'], registers },
      collect() {
        for (const live of backends.allLive()) this.set({ backend: live.backend.name }, holds(live) ? 1 : 0);
      },
    });
  ofBackends(
    'hypergate_backend_up',
    'Whether a backend answered when last asked: 1 or 0.',
    ({ backend }) => backends.healthOf(backend.id).status === 'ONLINE',
  );
  ofBackends(
    'hypergate_backend_circuit_open',
    'Whether calls are held back from a backend that does not answer: 1 or 0.',
    ({ backend }) => openCircuits.has(backend.name),
  );
  return openCircuits;
}
