/**
 * The numbers of libvirt's `virErrorNumber` that a caller can act upon. The list is append-only across
 * versions of libvirt, so a number never changes its meaning.
 */
export const LIBVIRT_ERROR = {
  INTERNAL_ERROR: 1,
  NO_MEMORY: 2,
  NO_SUPPORT: 3,
  NO_CONNECT: 5,
  INVALID_ARG: 8,
  OPERATION_FAILED: 9,
  NO_NAME: 21,
  XML_ERROR: 27,
  DOM_EXIST: 28,
  OPERATION_DENIED: 29,
  XML_DETAIL: 35,
  NETWORK_EXIST: 37,
  SYSTEM_ERROR: 38,
  RPC: 39,
  NO_DOMAIN: 42,
  NO_NETWORK: 43,
  AUTH_FAILED: 45,
  NO_STORAGE_POOL: 49,
  NO_STORAGE_VOL: 50,
  OPERATION_INVALID: 55,
  CONFIG_UNSUPPORTED: 67,
  OPERATION_TIMEOUT: 68,
  NO_DOMAIN_SNAPSHOT: 72,
  ARGUMENT_UNSUPPORTED: 74,
  OPERATION_ABORTED: 78,
  NO_DOMAIN_METADATA: 80,
  MIGRATE_UNSAFE: 81,
  OVERFLOW: 82,
  OPERATION_UNSUPPORTED: 84,
  AGENT_UNRESPONSIVE: 86,
  RESOURCE_BUSY: 87,
  ACCESS_DENIED: 88,
  STORAGE_VOL_EXIST: 90,
} as const;

export type LibvirtErrorCode = (typeof LIBVIRT_ERROR)[keyof typeof LIBVIRT_ERROR];

/** After these the same call may succeed later: another job held the object, or a guest's agent was slow. */
export const RETRIABLE_ERROR_CODES: ReadonlySet<number> = new Set([
  LIBVIRT_ERROR.OPERATION_TIMEOUT,
  LIBVIRT_ERROR.AGENT_UNRESPONSIVE,
  LIBVIRT_ERROR.RESOURCE_BUSY,
]);
