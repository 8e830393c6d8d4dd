import { v5 as uuidv5 } from 'uuid';
import { invalidArgument } from '../../../kernel';
import { NETWORK_MODES, ownerKey } from '../../contract';
import type { Marker, NetworkMode } from '../../contract';

/** Never change it: what we made on every cloud is found by what is derived from it. */
const NAMESPACE = '0b0c5d8e-7c37-4f0b-8a63-cc3f4a5d7a10';

/** Neutron's limit for a description, in characters. */
const MAX_DESCRIPTION = 255;
const WORD = 'hypergate';

/** What a network of ours says of itself, in its description. */
export interface NetworkRecord {
  readonly marker: Marker;
  readonly mode: NetworkMode;
  /** The tenant's own name for it. */
  readonly name: string;
  /** False while a creation has more to do: such a network is shown to nobody. */
  readonly complete: boolean;
}

/**
 * The name of a network and of its router. It follows from the owner, because Neutron can be asked for a name, and not
 * for a part of a description.
 */
export function networkName(marker: Marker): string {
  return `hg-${marker.objectId}-${uuidv5(ownerKey(marker), NAMESPACE).slice(0, 8)}`;
}

/** The name of the security group of a tenant. */
export function groupName({ installationId, tenantId }: Marker): string {
  return `hg-${tenantId}-${uuidv5(JSON.stringify([installationId, tenantId]), NAMESPACE).slice(0, 8)}`;
}

/** The description of a security group, by which it is known to be the tenant's. */
export function groupDescription({ installationId, tenantId }: Marker): string {
  return `${WORD} group ${installationId} ${tenantId}`;
}

/** The description of a router. */
export function routerDescription({ installationId, tenantId, objectId }: Marker): string {
  return `${WORD} router ${installationId} ${tenantId} ${objectId}`;
}

/** The description of a VM's floating IP, by which it is found. */
export function addressDescription({ installationId, tenantId, objectId }: Marker): string {
  return `${WORD} address ${installationId} ${tenantId} ${objectId}`;
}

/**
 * One line, the name last: `hypergate made NAT INSTALLATION TENANT NETWORK TASK my network`. A name for which there is no
 * room is cut.
 * @throws INVALID_ARGUMENT for ids that are longer than ours ever are
 */
export function writeRecord({ marker, mode, name, complete }: NetworkRecord): string {
  const { installationId, tenantId, objectId, operationId } = marker;
  const state = complete ? 'made' : 'begun';
  const front = `${WORD} ${state} ${mode} ${installationId} ${tenantId} ${objectId} ${operationId} `;
  if (front.length >= MAX_DESCRIPTION) throw invalidArgument('spec.marker', 'is too long for this backend.');
  let line = front;
  for (const character of name) {
    const escaped = escape(character);
    if (line.length + escaped.length > MAX_DESCRIPTION) break;
    line += escaped;
  }
  return line;
}

const RECORD = new RegExp(`^${WORD} (made|begun) (\\w+) (\\S+) (\\S+) (\\S+) (\\S+) (.*)$`, 's');

/** Null for what is no record of ours. */
export function readRecord(description: string | null | undefined): NetworkRecord | null {
  const parts = RECORD.exec(description ?? '');
  if (parts === null) return null;
  const [, state, mode, installationId = '', tenantId = '', objectId = '', operationId = '', name = ''] =
    parts;
  const known = NETWORK_MODES.find((one) => one === mode);
  if (known === undefined) return null;
  return {
    marker: { installationId, tenantId, objectId, operationId },
    mode: known,
    name: unescape(name),
    complete: state === 'made',
  };
}

const LAST_CHARACTER = 0x10ffff;

/** Databases of clouds hold characters of up to three bytes, and answer the others with a failure. */
function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return character === '%' || code > 0xffff ? `%${code.toString(16)};` : character;
}

/** Anybody may have written it: networks of other projects are read too. What is no character stays as it is. */
function unescape(text: string): string {
  return text.replace(/%([0-9a-f]{1,6});/g, (written, hexadecimal: string) => {
    const code = parseInt(hexadecimal, 16);
    return code > LAST_CHARACTER ? written : String.fromCodePoint(code);
  });
}
