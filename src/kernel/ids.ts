import { v7 as uuidv7 } from 'uuid';

/** The prefix of a global id names its noun, so that `node(id)` needs no look-up to know where to ask. */
export const ID_PREFIXES = {
  tenant: 'ten',
  apiToken: 'tok',
  backend: 'bak',
  network: 'net',
  template: 'tpl',
  vm: 'vm',
  task: 'tsk',
  event: 'evt',
} as const;

export type IdNoun = keyof typeof ID_PREFIXES;

/**
 * A new global id: `<prefix>_<32 hex digits>`, the digits being a UUIDv7 (RFC 9562). Ids of one noun sort by
 * their time of creation, which is what keyset pagination orders by.
 */
export function newId(noun: IdNoun): string {
  return `${ID_PREFIXES[noun]}_${uuidv7().replaceAll('-', '')}`;
}

/** The noun that an id names, or null where it is no id of ours. */
export function nounOfId(id: string): IdNoun | null {
  const match = /^([a-z]{2,3})_[0-9a-f]{32}$/.exec(id);
  if (!match) return null;
  const entry = Object.entries(ID_PREFIXES).find(([, prefix]) => prefix === match[1]);
  return entry ? (entry[0] as IdNoun) : null;
}
