import { Gauge, Histogram, Registry } from 'prom-client';
import type { BackendDirectory } from './backends';
import type { ProviderCall } from './providers/contract';

/** What the gateway measures beside its edge. */
export interface GatewayMetrics {
  /** The edge registers its own metrics here, too. */
  readonly registry: Registry;
  observeCall(backend: string, call: ProviderCall): void;
}

/**
 * @param runningTasks tasks under way in this process
 */
export function createGatewayMetrics(backends: BackendDirectory, runningTasks: () => number): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  const calls = new Histogram({
    name: 'hypergate_backend_call_duration_seconds',
    help: 'Time of a call to a backend by method and outcome: OK or the code of its error.',
    labelNames: ['backend', 'method', 'code'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
    registers,
  });
  new Gauge({
    name: 'hypergate_backend_up',
    help: 'Whether a backend answered when last asked: 1 or 0.',
    labelNames: ['backend'],
    registers,
    collect() {
      for (const { backend } of backends.allLive()) {
        this.set({ backend: backend.name }, backends.healthOf(backend.id).status === 'ONLINE' ? 1 : 0);
      }
    },
  });
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
  };
}
