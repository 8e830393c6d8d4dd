import { METADATA_PREFIX } from './identity';

/** What Nova takes for a key of metadata. Source: nova.api.validation.parameter_types, metadata. */
const METADATA_KEY = /^[a-zA-Z0-9_:. -]{1,255}$/;
/** Databases in MySQL's three-byte UTF-8 cannot hold them. */
const BEYOND_BASIC_PLANE = /[\u{10000}-\u{10ffff}]/u;

/** The labels that Nova can hold as metadata, for those who look at the server there; a key with a slash, for one, it cannot. */
export function labelMetadata(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([key, value]) =>
        METADATA_KEY.test(key) && !key.startsWith(METADATA_PREFIX) && !BEYOND_BASIC_PLANE.test(value),
    ),
  );
}
