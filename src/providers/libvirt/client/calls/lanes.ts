import type { BulkOptions, BulkStream } from '../connection/bulk-stream';
import type { Caller, Encode } from '../connection/caller';

/** The connections that calls are spread over, so that a slow change never delays a read or an event. */
export interface Lanes {
  /** Reads, and the events. */
  readonly reads: Caller;
  /** Whatever changes something. */
  readonly changes: Caller;
  /** Opens a stream on a connection of its own. */
  readonly openStream: (
    procedure: 'storageVolUpload' | 'storageVolDownload' | 'domainOpenConsole',
    encode: Encode,
    options: BulkOptions,
  ) => Promise<BulkStream>;
}
