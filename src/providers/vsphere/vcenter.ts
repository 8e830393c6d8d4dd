import { KeyedLock } from '../../kernel';
import type { Logger } from '../../kernel';
import type { RequestGate } from '../contract';
import { VimClient } from './client';
import type { VsphereConfig } from './config';
import { ImageNames } from './image-names';
import { OwnChanges } from './own-changes';
import { DetailCache } from './detail-cache';

/** One configured vCenter: what all parts of the provider share. */
export interface Vcenter {
  readonly client: VimClient;
  readonly config: VsphereConfig;
  readonly logger: Logger;
  /** Keeps changes of one object in this process apart. */
  readonly locks: KeyedLock;
  /** What we have changed ourselves, for the feed. */
  readonly ownChanges: OwnChanges;
  readonly details: DetailCache;
  readonly images: ImageNames;
}

/** Does not connect. */
export function openVcenter(config: VsphereConfig, logger: Logger, requests: RequestGate): Vcenter {
  const { url, username, password, caFile, certificateSha256, callTimeoutMs } = config;
  return {
    client: new VimClient({
      url,
      username,
      password,
      callTimeoutMs,
      admit: (signal) => requests.admit(signal),
      ...(caFile !== undefined && { caFile }),
      ...(certificateSha256 !== undefined && { certificateSha256 }),
    }),
    config,
    logger,
    locks: new KeyedLock(),
    ownChanges: new OwnChanges(),
    details: new DetailCache(),
    images: new ImageNames(),
  };
}
