/**
 * The payload of a reply or stream frame with the status ERROR:
 *
 *     { int code; int domain; string *message; int level; domain *dom;
 *       string *str1; string *str2; string *str3; int int1; int int2; network *net; }
 *
 * `*` marks an optional value: a u32 0 or 1 in front.
 */
import { LibvirtError } from '../errors';
import type { XdrReader } from '../wire/xdr-reader';

/** Reads up to the level; what follows repeats the message's parts and is not needed to act upon it. */
export function decodeError(reader: XdrReader): LibvirtError {
  const code = reader.i32();
  const domain = reader.i32();
  const message = reader.optionalString() ?? `libvirt error ${code}`;
  return new LibvirtError({ code, domain, message, level: reader.i32() });
}
