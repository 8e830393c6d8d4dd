/** Flags of `domains.listAll`: groups of bits; within a group they are alternatives, groups are combined. */
export const DOMAIN_LIST = {
  ACTIVE: 1,
  INACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  MANAGED_SAVE: 256,
} as const;

/** Flags of `domains.create` (`virDomainCreateFlags`). */
export const DOMAIN_CREATE = {
  NONE: 0,
  /** Leaves the virtual CPUs stopped: the domain is in the state PAUSED. */
  PAUSED: 1,
  /** Ignores and drops a managed-save image. */
  FORCE_BOOT: 8,
} as const;

/** Flags of `domains.shutdown`: which way to ask the guest; 0 lets the hypervisor choose. */
export const DOMAIN_SHUTDOWN = { DEFAULT: 0, ACPI_POWER_BUTTON: 1, GUEST_AGENT: 2 } as const;

/** Flags of `domains.reboot`: which way to ask the guest; 0 lets the hypervisor choose. */
export const DOMAIN_REBOOT = { DEFAULT: 0, ACPI_POWER_BUTTON: 1, GUEST_AGENT: 2 } as const;

/** Flags of `domains.undefine`: what goes together with the definition. */
export const DOMAIN_UNDEFINE = {
  NONE: 0,
  MANAGED_SAVE: 1,
  SNAPSHOTS_METADATA: 2,
  NVRAM: 4,
  KEEP_NVRAM: 8,
  CHECKPOINTS_METADATA: 16,
} as const;

/** Flags of `domains.getXmlDesc`. */
export const DOMAIN_XML = {
  NONE: 0,
  /** Includes passwords; refused on a read-only connection. */
  SECURE: 1,
  /** The persistent definition even while the domain runs. */
  INACTIVE: 2,
  MIGRATABLE: 8,
} as const;

/** Flags of calls that change a domain's settings (`virDomainModificationImpact`). */
export const DOMAIN_AFFECT = {
  /** Running: the live domain; otherwise the definition. */
  CURRENT: 0,
  LIVE: 1,
  CONFIG: 2,
} as const;

/** Beside `DOMAIN_AFFECT`: changes the maximum instead of the current number of virtual CPUs. */
export const DOMAIN_VCPU_MAXIMUM = 4;

/** Beside `DOMAIN_AFFECT`: changes the maximum instead of the current memory. */
export const DOMAIN_MEM_MAXIMUM = 4;

/** Flags of `domains.blockResize`. Without BYTES libvirt would count in KiB; this client always sets it. */
export const DOMAIN_BLOCK_RESIZE_BYTES = 1;

/** Where `domains.interfaceAddresses` looks. */
export const ADDRESS_SOURCE = { LEASE: 0, AGENT: 1, ARP: 2 } as const;

/** Which piece of metadata `getMetadata` and `setMetadata` mean. */
export const DOMAIN_METADATA = { DESCRIPTION: 0, TITLE: 1, ELEMENT: 2 } as const;

/** `virDomainState`. */
export const DOMAIN_STATE = {
  NOSTATE: 0,
  RUNNING: 1,
  BLOCKED: 2,
  PAUSED: 3,
  SHUTDOWN: 4,
  SHUTOFF: 5,
  CRASHED: 6,
  PMSUSPENDED: 7,
} as const;

/** Groups of `domains.getAllStats`; 0 asks for all of them. */
export const DOMAIN_STATS = {
  STATE: 1,
  CPU_TOTAL: 2,
  BALLOON: 4,
  VCPU: 8,
  INTERFACE: 16,
  BLOCK: 32,
} as const;

/** Flags of `networks.listAll`. */
export const NETWORK_LIST = {
  INACTIVE: 1,
  ACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  AUTOSTART: 16,
  NO_AUTOSTART: 32,
} as const;

/** `virStoragePoolState`. */
export const POOL_STATE = { INACTIVE: 0, BUILDING: 1, RUNNING: 2, DEGRADED: 3, INACCESSIBLE: 4 } as const;

/** `virDomainEventType`: what `DomainLifecycleEvent.event` says. */
export const DOMAIN_EVENT = {
  DEFINED: 0,
  UNDEFINED: 1,
  STARTED: 2,
  SUSPENDED: 3,
  RESUMED: 4,
  STOPPED: 5,
  SHUTDOWN: 6,
  PMSUSPENDED: 7,
  CRASHED: 8,
} as const;

/** `virNetworkEventLifecycleType`: what `NetworkLifecycleEvent.event` says. */
export const NETWORK_EVENT = { DEFINED: 0, UNDEFINED: 1, STARTED: 2, STOPPED: 3 } as const;
