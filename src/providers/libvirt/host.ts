import type { Logger } from '../../kernel';
import type { CallContext } from '../contract';
import { LibvirtClient } from './client';
import type { CallOptions } from './client';
import type { LibvirtConfig } from './config';
import { KeyedLock } from './keyed-lock';

/** Saving and restoring memory takes as long as the host's disk takes to write and read it. */
const SLOW_CALL_MS = 600_000;

/** One configured libvirt host: what all parts of the provider share. */
export interface LibvirtHost {
  readonly client: LibvirtClient;
  readonly config: LibvirtConfig;
  readonly logger: Logger;
  /** Keeps changes of one object in one process apart; across processes every step is repeatable. */
  readonly locks: KeyedLock;
}

export function openHost(config: LibvirtConfig, logger: Logger): LibvirtHost {
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
  });
  return { client, config, logger, locks: new KeyedLock() };
}

/** The options of an ordinary call. */
export function ordinary(context: { readonly signal: AbortSignal }): CallOptions {
  return { signal: context.signal };
}

/** The options of a call that moves a guest's memory. */
export function slow(context: CallContext): CallOptions {
  return { signal: context.signal, timeoutMs: SLOW_CALL_MS };
}
