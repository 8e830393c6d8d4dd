import { setMaxListeners } from 'node:events';
import { KeyedLock } from '../../kernel';
import type { Logger } from '../../kernel';
import type { CallContext, RequestGate } from '../contract';
import { LibvirtClient } from './client';
import type { CallOptions } from './client';
import type { LibvirtConfig } from './config';
import { SharedWork } from './shared-work';

/** Saving and restoring memory takes as long as the host's disk takes to write and read it. */
const SLOW_CALL_MS = 600_000;

/** One configured libvirt host: what all parts of the provider share. */
export interface LibvirtHost {
  readonly client: LibvirtClient;
  readonly config: LibvirtConfig;
  readonly logger: Logger;
  /** Keeps changes of one object in one process apart; across processes every step is repeatable. */
  readonly locks: KeyedLock;
  /** Looks at whole pools, shared by whoever wants one at the time. */
  readonly refreshes: SharedWork;
}

export function openHost(config: LibvirtConfig, logger: Logger, requests: RequestGate): LibvirtHost {
  const { caFile, certFile, keyFile } = config;
  const client = new LibvirtClient({
    uri: config.uri,
    callTimeoutMs: config.callTimeoutMs,
    tls: {
      ...(caFile === undefined ? {} : { caFile }),
      ...(certFile === undefined ? {} : { certFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
    },
    logger,
    // Thousands of calls a second go through here: without a limit they need not wait for a turn.
    ...(requests.isLimited && { admit: (signal: AbortSignal) => requests.admit(signal) }),
  });
  return { client, config, logger, locks: new KeyedLock(), refreshes: new SharedWork() };
}

/** The options of an ordinary call. */
export function ordinary({ signal }: { readonly signal: AbortSignal }): CallOptions {
  // A listing waits for hundreds of calls at once, and each of them listens: that is no leak.
  setMaxListeners(0, signal);
  return { signal };
}

/** The options of a call that moves a guest's memory. */
export function slow(context: CallContext): CallOptions {
  return { ...ordinary(context), timeoutMs: SLOW_CALL_MS };
}
