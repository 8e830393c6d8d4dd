/** libvirt's REMOTE_STRING_MAX. */
export const MAX_STRING_BYTES = 4_194_304;

/** The largest of libvirt's REMOTE_*_LIST_MAX. */
export const MAX_LIST_ENTRIES = 16_384;

export const UUID_BYTES = 16;
