import type { NetworkMode } from './network';

/**
 * When a size can be changed: ANY_STATE also while the VM runs; WHEN_STOPPED only then (the provider answers
 * FAILED_PRECONDITION otherwise); NEVER answers UNSUPPORTED.
 */
export type ResizeSupport = 'ANY_STATE' | 'WHEN_STOPPED' | 'NEVER';

/**
 * What one backend can do. The manifest drives the API (`availableActions`), the guard (an undeclared
 * capability answers UNSUPPORTED before the plugin is asked) and the conformance suite (a declared one is
 * tested).
 */
export interface Capabilities {
  readonly vm: {
    /** Asks the guest to shut down (ACPI or an agent). Forced stop is mandatory. */
    readonly gracefulStop: boolean;
    readonly reboot: boolean;
    /** Saves the memory and releases the host's, and brings it back. */
    readonly suspend: boolean;
    readonly resize: {
      readonly cpu: ResizeSupport;
      readonly memory: ResizeSupport;
      /** Growth only: no provider shrinks a disk. */
      readonly disk: ResizeSupport;
    };
    /** Hands `userData`, SSH keys and the host name to the guest (cloud-init). */
    readonly guestCustomization: boolean;
    /** The text that the guest wrote on its first serial port. */
    readonly consoleLog: boolean;
  };
  readonly network: {
    /** The modes that can be created; empty where networks cannot be. */
    readonly modes: readonly NetworkMode[];
    /** Whether two networks of this backend may use overlapping prefixes. */
    readonly overlappingCidrs: boolean;
  };
  /** PUSH tells of changes as they happen; NONE leaves it to periodic listing. */
  readonly watch: 'PUSH' | 'NONE';
  /**
   * How long, in milliseconds, after a creation `locate…` and `list…` may still miss the object. Whoever
   * retries a creation whose reply was lost waits this long before believing a null.
   */
  readonly listingLagMs: number;
}
