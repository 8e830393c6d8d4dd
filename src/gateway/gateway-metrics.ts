import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BackendDirectory, LiveBackend } from '../backends';
import type { Broker, HintFate, Topic } from '../broker';
import type { ReconcilerMetrics } from '../inventory';
import type { ProviderCall } from '../providers/contract';

/** What the gateway measures beside its edge. */
export class GatewayMetrics {
  /** The edge registers its own metrics here, too. */
  readonly registry = new Registry();
  private readonly openCircuits = new Set<string>();
  private readonly calls = new Histogram({
    name: 'hypergate_backend_call_duration_seconds',
    help: 'Time of a call to a backend by method and outcome: OK, the code of its error, or CIRCUIT_OPEN.',
    labelNames: ['backend', 'method', 'code'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
    registers: [this.registry],
  });
  private readonly throttled = new Counter({
    name: 'hypergate_backend_throttled_total',
    help: 'Requests that a backend refused because there were too many.',
    labelNames: ['backend'],
    registers: [this.registry],
  });
  private readonly quotaDrift = new Counter({
    name: 'hypergate_quota_drift_total',
    help: 'Mistakes that a recount found in what tenants are said to use and hold, and put right.',
    registers: [this.registry],
  });
  private readonly poisoned = new Counter({
    name: 'hypergate_tasks_poisoned_total',
    help: 'Tasks that were stopped because they killed their workers; by operation and phase, DO or UNDO.',
    labelNames: ['operation', 'phase'],
    registers: [this.registry],
  });
  readonly reconciler = reconcilerMetrics(this.registry);
  private hints: Counter<'topic' | 'fate'> | null = null;

  observeCall(backend: string, { method, code, durationMs }: ProviderCall): void {
    this.calls.observe({ backend, method, code }, durationMs / 1000);
  }

  observeCircuit(backend: string, isOpen: boolean): void {
    if (isOpen) this.openCircuits.add(backend);
    else this.openCircuits.delete(backend);
  }

  /** Adds so many refusals; none makes the backend known. */
  observeThrottled(backend: string, refusals: number): void {
    this.throttled.inc({ backend }, refusals);
  }

  observeQuotaDrift(drifts: number): void {
    this.quotaDrift.inc(drifts);
  }

  observePoisoned(operation: string, phase: string): void {
    this.poisoned.inc({ operation, phase });
  }

  observeHint(topic: Topic, fate: HintFate): void {
    this.hints?.inc({ topic, fate });
  }

  /** Shows how each backend is. */
  watchBackends(backends: BackendDirectory): void {
    const registers = [this.registry];
    const ofBackends = (name: string, help: string, holds: (live: LiveBackend) => boolean): unknown =>
      new Gauge({
        ...{ name, help, labelNames: ['backend'], registers },
        collect() {
          for (const live of backends.allLive())
            this.set({ backend: live.backend.name }, holds(live) ? 1 : 0);
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
      ({ backend }) => this.openCircuits.has(backend.name),
    );
  }

  /** For a process with the role. */
  watchWorker(worker: { readonly running: number; readonly duty: readonly string[] }): void {
    const registers = [this.registry];
    new Gauge({
      name: 'hypergate_tasks_running',
      help: 'Tasks under way in this process.',
      registers,
      collect() {
        this.set(worker.running);
      },
    });
    new Gauge({
      name: 'hypergate_duty_held',
      help: 'A duty that this process has: 1. The sum over all replicas is 1 for each duty.',
      labelNames: ['duty'],
      registers,
      collect() {
        this.reset();
        for (const duty of worker.duty) this.set({ duty }, 1);
      },
    });
  }

  /** For a process that is to use Redis. */
  watchBroker(broker: Broker): void {
    const registers = [this.registry];
    new Gauge({
      name: 'hypergate_redis_up',
      help: 'Whether hints to and from other replicas get through: 1 or 0.',
      registers,
      collect() {
        this.set(broker.isUp ? 1 : 0);
      },
    });
    this.hints = new Counter({
      name: 'hypergate_redis_hints_total',
      help: 'Hints to and from other replicas by what became of them: sent, received or lost.',
      labelNames: ['topic', 'fate'],
      registers,
    });
  }
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
