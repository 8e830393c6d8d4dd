import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { CIRCUIT_OPEN, silentLogger, toAppError } from '../../kernel';
import type { Logger } from '../../kernel';
import {
  MAX_CONSOLE_LOG_BYTES,
  checkMarker,
  checkNetworkSpec,
  checkOperation,
  checkRef,
  checkText,
  checkVmSize,
  checkVmSpec,
  checkWholeNumber,
} from './argument-rules';
import { boundedCall, closedError, withinTime } from './bounded-call';
import { Circuit } from './circuit';
import type { Capabilities } from './capabilities';
import {
  requireCustomization,
  requireDeclared,
  requireNetworkCount,
  requireNetworkMode,
  requireResize,
} from './capability-rules';
import { DEFAULT_CALL_TIMEOUTS_MS } from './call-timeouts';
import type { ProviderMethod } from './call-timeouts';
import { forCallers } from './for-callers';
import type { GuardOptions, ProviderCall } from './guard-options';
import type { ImageObservation } from './image';
import type { Marker } from './marker';
import type { NetworkObservation, NetworkRef, NetworkSpec } from './network';
import type { CallContext, OperationProgress, OperationRef, Outcome } from './operation';
import type { BackendProbe, HypervisorProvider } from './provider';
import { isThrottled } from './throttling';
import type { BackendEvent, Page, VmObservation, VmRef, VmSize, VmSpec } from './vm';

type PowerMode = 'GRACEFUL' | 'FORCED';

/** Wraps a plugin into the rules that hold for all of them; what the core talks to is always one of these. */
export function guardProvider(provider: HypervisorProvider, options: GuardOptions = {}): HypervisorProvider {
  return new GuardedProvider(provider, options);
}

/**
 * The portable layer around every plugin: it refuses bad arguments (INVALID_ARGUMENT, `details.field`) and undeclared
 * capabilities (UNSUPPORTED, `details.capability`) before the plugin is asked, bounds each call in time, holds calls back
 * while the backend does not answer, and lets nothing but an `AppError` out.
 */
class GuardedProvider implements HypervisorProvider {
  private readonly closing = new AbortController();
  private closed: Promise<void> | null = null;
  private readonly windDownMs: number;
  private readonly logger: Logger;
  private readonly circuit: Circuit | null;

  constructor(
    private readonly plugin: HypervisorProvider,
    private readonly options: GuardOptions,
  ) {
    this.windDownMs = options.windDownMs ?? 1_000;
    // Every call under way listens, and there may be many.
    setMaxListeners(0, this.closing.signal);
    this.logger = options.logger ?? silentLogger;
    this.circuit =
      options.circuit === null
        ? null
        : new Circuit(options.circuit ?? {}, (isOpen) => this.onCircuit(isOpen), options.onHeldBack);
  }

  get kind(): string {
    return this.plugin.kind;
  }

  get capabilities(): Capabilities {
    return this.plugin.capabilities;
  }

  async probe(context: CallContext): Promise<BackendProbe> {
    return this.call('probe', context, (inner) => this.plugin.probe(inner));
  }

  async close(): Promise<void> {
    this.closed ??= this.closeOnce();
    return this.closed;
  }

  async resolveImage(imageRef: string, context: CallContext): Promise<ImageObservation | null> {
    return this.call('resolveImage', context, (inner) => {
      checkText('imageRef', imageRef, 1024);
      return this.plugin.resolveImage(imageRef, inner);
    });
  }

  async createVm(spec: VmSpec, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.call('createVm', context, (inner) => {
      checkVmSpec(spec);
      requireCustomization(this.capabilities, spec);
      requireNetworkCount(this.capabilities, spec);
      return this.plugin.createVm(spec, inner);
    });
  }

  async locateVm(marker: Marker, context: CallContext): Promise<VmObservation | null> {
    return this.call('locateVm', context, (inner) => {
      checkMarker('marker', marker);
      return this.plugin.locateVm(marker, inner);
    });
  }

  async getVm(ref: VmRef, context: CallContext): Promise<VmObservation | null> {
    return this.call('getVm', context, (inner) => {
      checkRef(ref);
      return this.plugin.getVm(ref, inner);
    });
  }

  async listVms(
    query: { readonly installationId: string; readonly pageToken: string | null },
    context: CallContext,
  ): Promise<Page<VmObservation>> {
    return this.call('listVms', context, (inner) => {
      checkText('query.installationId', query.installationId, 128);
      if (query.pageToken !== null) checkText('query.pageToken', query.pageToken, 4096);
      return this.plugin.listVms(query, inner);
    });
  }

  async startVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.call('startVm', context, (inner) => {
      checkRef(ref);
      return this.plugin.startVm(ref, inner);
    });
  }

  async stopVm(ref: VmRef, mode: PowerMode, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.call('stopVm', context, (inner) => {
      checkRef(ref);
      requireDeclared(mode === 'FORCED' || this.capabilities.vm.gracefulStop, 'vm.gracefulStop');
      return this.plugin.stopVm(ref, mode, inner);
    });
  }

  async rebootVm(ref: VmRef, mode: PowerMode, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.call('rebootVm', context, (inner) => {
      checkRef(ref);
      requireDeclared(this.capabilities.vm.reboot, 'vm.reboot');
      return this.plugin.rebootVm(ref, mode, inner);
    });
  }

  async suspendVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.call('suspendVm', context, (inner) => {
      checkRef(ref);
      requireDeclared(this.capabilities.vm.suspend, 'vm.suspend');
      return this.plugin.suspendVm(ref, inner);
    });
  }

  async resumeVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.call('resumeVm', context, (inner) => {
      checkRef(ref);
      requireDeclared(this.capabilities.vm.suspend, 'vm.suspend');
      return this.plugin.resumeVm(ref, inner);
    });
  }

  async resizeVm(ref: VmRef, size: VmSize, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.call('resizeVm', context, (inner) => {
      checkRef(ref);
      checkVmSize(size);
      requireResize(this.capabilities, size);
      return this.plugin.resizeVm(ref, size, inner);
    });
  }

  async deleteVm(ref: VmRef, context: CallContext): Promise<Outcome<null>> {
    return this.call('deleteVm', context, (inner) => {
      checkRef(ref, 'MAY_BE_EMPTY');
      return this.plugin.deleteVm(ref, inner);
    });
  }

  async readConsoleLog(ref: VmRef, maxBytes: number, context: CallContext): Promise<string> {
    return this.call('readConsoleLog', context, (inner) => {
      checkRef(ref);
      checkWholeNumber('maxBytes', maxBytes, 1, MAX_CONSOLE_LOG_BYTES);
      requireDeclared(this.capabilities.vm.consoleLog, 'vm.consoleLog');
      return this.plugin.readConsoleLog(ref, maxBytes, inner);
    });
  }

  async createNetwork(spec: NetworkSpec, context: CallContext): Promise<Outcome<NetworkObservation>> {
    return this.call('createNetwork', context, (inner) => {
      checkNetworkSpec(spec);
      requireNetworkMode(this.capabilities, spec.mode);
      return this.plugin.createNetwork(spec, inner);
    });
  }

  async locateNetwork(marker: Marker, context: CallContext): Promise<NetworkObservation | null> {
    return this.call('locateNetwork', context, (inner) => {
      checkMarker('marker', marker);
      return this.plugin.locateNetwork(marker, inner);
    });
  }

  async listNetworks(installationId: string, context: CallContext): Promise<readonly NetworkObservation[]> {
    return this.call('listNetworks', context, (inner) => {
      checkText('installationId', installationId, 128);
      return this.plugin.listNetworks(installationId, inner);
    });
  }

  async deleteNetwork(ref: NetworkRef, context: CallContext): Promise<Outcome<null>> {
    return this.call('deleteNetwork', context, (inner) => {
      checkRef(ref, 'MAY_BE_EMPTY');
      return this.plugin.deleteNetwork(ref, inner);
    });
  }

  async pollOperation<T>(operation: OperationRef, context: CallContext): Promise<OperationProgress<T>> {
    return this.call('pollOperation', context, async (inner) => {
      checkOperation(operation);
      const progress = await this.plugin.pollOperation<T>(operation, inner);
      if (progress.state !== 'FAILED') return progress;
      return { state: 'FAILED', error: forCallers(toAppError(progress.error)) };
    });
  }

  async watch(listener: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, this.closing.signal]);
    return this.measured('watch', async () => {
      if (this.closing.signal.aborted) throw closedError();
      requireDeclared(this.capabilities.watch === 'PUSH', 'watch');
      await this.plugin.watch((event) => {
        if (ended.aborted) return;
        // Above all RESYNC, after which whoever listens asks for all that has happened.
        this.circuit?.close();
        this.deliver(listener, event);
      }, ended);
    });
  }

  /** A listener's mistake must not end the feed, which other listeners' freshness depends on. */
  private deliver(listener: (event: BackendEvent) => void, event: BackendEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.logger.error({ err: error, type: event.type }, 'A listener of backend events failed.');
    }
  }

  private call<T>(
    method: Exclude<ProviderMethod, 'watch' | 'close'>,
    context: CallContext,
    action: (context: CallContext) => Promise<T>,
  ): Promise<T> {
    const timeoutMs = this.options.timeoutsMs?.[method] ?? DEFAULT_CALL_TIMEOUTS_MS[method];
    const bounds = { timeoutMs, windDownMs: this.windDownMs, closed: this.closing.signal };
    return this.measured(method, () => {
      const run = (): Promise<T> => boundedCall(context, bounds, async (inner) => action(inner));
      // What is closed says so itself.
      if (!this.circuit || this.closing.signal.aborted) return run();
      return method === 'probe' ? this.circuit.probe(run) : this.circuit.run(run);
    });
  }

  private onCircuit(isOpen: boolean): void {
    if (isOpen) this.logger.warn({}, 'The backend does not answer; calls to it are held back.');
    else this.logger.info({}, 'The backend answers again; calls to it are no longer held back.');
    this.options.onCircuit?.(isOpen);
  }

  private async measured<T>(method: ProviderMethod, action: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let code: ProviderCall['code'] = 'OK';
    try {
      return await action();
    } catch (thrown) {
      const error = toAppError(thrown);
      code = error.details?.['reason'] === CIRCUIT_OPEN ? CIRCUIT_OPEN : error.code;
      if (isThrottled(error)) this.options.requests?.refused(error);
      // Masked from here on: this is the last place that can say what went wrong.
      if (code === 'INTERNAL') this.logger.error({ err: error, method }, 'A provider failed unexpectedly.');
      throw forCallers(error);
    } finally {
      this.options.onCall?.({ method, durationMs: performance.now() - startedAt, code });
    }
  }

  private async closeOnce(): Promise<void> {
    this.closing.abort();
    const timeoutMs = this.options.timeoutsMs?.close ?? DEFAULT_CALL_TIMEOUTS_MS.close;
    return this.measured('close', () => withinTime(this.plugin.close(), timeoutMs));
  }
}
