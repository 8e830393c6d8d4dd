import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../kernel';
import type { CallContext, VmObservation, VmRef } from '../contract';
import { DOMAIN_REBOOT, DOMAIN_SHUTDOWN, LIBVIRT_ERROR } from './client';
import type { DomainRef } from './client';
import { isNative } from './errors';
import { observeAfter, requireOwn } from './find-vm';
import { ordinary, slow } from './host';
import type { LibvirtHost } from './host';
import { isActive, isPaused, powerStateOf } from './map-power-state';
import { readState } from './observe';

const POLL_MS = 200;
/** A guest that is still booting does not hear the first press of the button. */
const STOP_RESEND_MS = 5_000;
/** Longer, because a press that comes late would stop the guest that has just rebooted. */
const REBOOT_RESEND_MS = 20_000;

/** `VIR_DOMAIN_SAVE_RUNNING`: the guest goes on when it is resumed, though it stood still when it was saved. */
const SAVE_AS_RUNNING = 2;

export async function startVm(host: LibvirtHost, ref: VmRef, context: CallContext): Promise<VmObservation> {
  const domain = await requireOwn(host, ref, context);
  await start(host, domain, context);
  return observeAfter(host, domain, ref.marker, context);
}

export async function resumeVm(host: LibvirtHost, ref: VmRef, context: CallContext): Promise<VmObservation> {
  const domain = await requireOwn(host, ref, context);
  const { state, hasSavedMemory } = await readState(host, domain, ordinary(context));
  if (powerStateOf(state, hasSavedMemory) === 'POWERED_OFF') throw wrongState('It is stopped: start it.');
  await start(host, domain, context);
  return observeAfter(host, domain, ref.marker, context);
}

/** Also brings back saved memory: libvirt restores it at the start. */
async function start(host: LibvirtHost, domain: DomainRef, context: CallContext): Promise<void> {
  const { domains } = host.client;
  const { state, hasSavedMemory } = await readState(host, domain, ordinary(context));
  const powerState = powerStateOf(state, hasSavedMemory);
  if (powerState === 'CRASHED') await destroy(host, domain, context);
  if (isPaused(state) && powerState === 'SUSPENDED') return domains.resume(domain, ordinary(context));
  if (isActive(state) && powerState !== 'CRASHED') return;
  try {
    await domains.create(domain, 0, slow(context));
  } catch (error) {
    // Somebody else was faster.
    if (
      isNative(error, LIBVIRT_ERROR.OPERATION_INVALID) &&
      (await domains.isActive(domain, ordinary(context)))
    )
      return;
    throw error;
  }
}

export async function stopVm(
  host: LibvirtHost,
  ref: VmRef,
  mode: 'GRACEFUL' | 'FORCED',
  context: CallContext,
): Promise<VmObservation> {
  const domain = await requireOwn(host, ref, context);
  if (mode === 'FORCED') await forceOff(host, domain, context);
  else await askToStop(host, domain, context);
  return observeAfter(host, domain, ref.marker, context);
}

/** Stops the domain and drops its saved memory, if there is any. */
export async function forceOff(host: LibvirtHost, domain: DomainRef, context: CallContext): Promise<void> {
  const { state } = await readState(host, domain, ordinary(context));
  if (isActive(state)) await destroy(host, domain, context);
  // Asked again, because the stop may have met a save that was just finished.
  if (await host.client.domains.hasManagedSave(domain, ordinary(context))) {
    await host.client.domains.managedSaveRemove(domain, ordinary(context));
  }
}

async function destroy(host: LibvirtHost, domain: DomainRef, context: CallContext): Promise<void> {
  try {
    await host.client.domains.destroy(domain, 0, slow(context));
  } catch (error) {
    // It stopped by itself meanwhile.
    if (!isNative(error, LIBVIRT_ERROR.OPERATION_INVALID)) throw error;
  }
}

async function askToStop(host: LibvirtHost, domain: DomainRef, context: CallContext): Promise<void> {
  const { state, hasSavedMemory } = await readState(host, domain, ordinary(context));
  const powerState = powerStateOf(state, hasSavedMemory);
  if (powerState === 'SUSPENDED') throw wrongState('It is suspended: resume it first, or stop it by force.');
  const press = async (): Promise<void> => {
    try {
      await host.client.domains.shutdown(domain, DOMAIN_SHUTDOWN.ACPI_POWER_BUTTON, ordinary(context));
    } catch (error) {
      if (!isNative(error, LIBVIRT_ERROR.OPERATION_INVALID)) throw error;
    }
  };
  await untilComplied(host, context, press, STOP_RESEND_MS, async () => {
    return !isActive(await host.client.domains.getState(domain, ordinary(context)));
  });
}

export async function rebootVm(
  host: LibvirtHost,
  ref: VmRef,
  mode: 'GRACEFUL' | 'FORCED',
  context: CallContext,
): Promise<VmObservation> {
  const domain = await requireOwn(host, ref, context);
  const { state, hasSavedMemory } = await readState(host, domain, ordinary(context));
  if (powerStateOf(state, hasSavedMemory) !== 'POWERED_ON') throw wrongState('It does not run.');
  if (mode === 'FORCED') await host.client.domains.reset(domain, ordinary(context));
  else await askToReboot(host, domain, context);
  return observeAfter(host, domain, ref.marker, context);
}

/** libvirt presses the power button and turns the guest's stop into a reset, which it tells of as an event. */
async function askToReboot(host: LibvirtHost, domain: DomainRef, context: CallContext): Promise<void> {
  let rebooted = false;
  const subscription = await host.client.events.onDomainReboot((event) => {
    if (event.domain.uuid === domain.uuid) rebooted = true;
  });
  try {
    const press = (): Promise<void> =>
      host.client.domains.reboot(domain, DOMAIN_REBOOT.ACPI_POWER_BUTTON, ordinary(context));
    await untilComplied(host, context, press, REBOOT_RESEND_MS, async () => {
      if (rebooted) return true;
      if (isActive(await host.client.domains.getState(domain, ordinary(context)))) return false;
      throw wrongState('It stopped instead of rebooting.');
    });
  } finally {
    await subscription.close();
  }
}

/** @throws DEADLINE_EXCEEDED when the guest does not comply in time */
async function untilComplied(
  host: LibvirtHost,
  context: CallContext,
  press: () => Promise<void>,
  resendMs: number,
  complied: () => Promise<boolean>,
): Promise<void> {
  const begun = performance.now();
  let pressedAt = Number.NEGATIVE_INFINITY;
  while (!(await complied())) {
    const now = performance.now();
    if (now - begun >= host.config.gracefulStopTimeoutMs) {
      throw new AppError('DEADLINE_EXCEEDED', 'The guest did not comply in time.', { retryable: false });
    }
    if (now - pressedAt >= resendMs) {
      pressedAt = now;
      await press();
    }
    await sleep(POLL_MS, undefined, { signal: context.signal });
  }
}

/** Writes the memory to the host's disk and gives it back to the host. */
export async function suspendVm(host: LibvirtHost, ref: VmRef, context: CallContext): Promise<VmObservation> {
  const domain = await requireOwn(host, ref, context);
  const { state, hasSavedMemory } = await readState(host, domain, ordinary(context));
  if (isActive(state)) {
    await host.client.domains.managedSave(domain, isPaused(state) ? SAVE_AS_RUNNING : 0, slow(context));
  } else if (!hasSavedMemory) {
    throw wrongState('It is stopped.');
  }
  return observeAfter(host, domain, ref.marker, context);
}

function wrongState(message: string): AppError {
  return new AppError('FAILED_PRECONDITION', message);
}
