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
    /**
     * ANY: a VM has the sizes that were asked for, and only those change that a resize names. CATALOG: processors and
     * memory come in fixed combinations, with or without the disk; a VM gets the smallest one that has at least what is
     * asked for, and a resize may enlarge what it does not name.
     */
    readonly sizes: 'ANY' | 'CATALOG';
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
    /** The most networks that one VM can be on; null where the contract knows no limit. */
    readonly maxPerVm: number | null;
  };
  /**
   * PUSH tells of changes soon after they happened, by the backend's own events or by a poll that all listeners share;
   * NONE leaves it to periodic listing.
   */
  readonly watch: 'PUSH' | 'NONE';
  /**
   * How long, in milliseconds, after a creation `locate…` and `list…` may still miss the object. Whoever
   * retries a creation whose reply was lost waits this long before believing a null.
   */
  readonly listingLagMs: number;
}
