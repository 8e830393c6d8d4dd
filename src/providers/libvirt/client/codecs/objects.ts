/**
 * The names by which calls refer to objects:
 *
 *     domain  = { string name; opaque uuid[16]; int id; }
 *     network = { string name; opaque uuid[16]; }
 *     pool    = { string name; opaque uuid[16]; }
 *     volume  = { string pool; string name; string key; }
 */
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';

export interface DomainRef {
  readonly name: string;
  readonly uuid: string;
  /** The hypervisor's number of the running domain; -1 while it does not run. Servers look at the UUID. */
  readonly id: number;
}

export interface NetworkRef {
  readonly name: string;
  readonly uuid: string;
}

export interface PoolRef {
  readonly name: string;
  readonly uuid: string;
}

export interface VolumeRef {
  /** The pool's name. */
  readonly pool: string;
  readonly name: string;
  /** Unique on the host; the path in a directory pool. */
  readonly key: string;
}

export function encodeDomain(writer: XdrWriter, domain: DomainRef): void {
  writer.string(domain.name);
  writer.uuid(domain.uuid);
  writer.i32(domain.id);
}

export function decodeDomain(reader: XdrReader): DomainRef {
  return { name: reader.string(), uuid: reader.uuid(), id: reader.i32() };
}

/** Networks and pools look the same on the wire. */
export function encodeNamed(writer: XdrWriter, object: NetworkRef | PoolRef): void {
  writer.string(object.name);
  writer.uuid(object.uuid);
}

export function decodeNamed(reader: XdrReader): NetworkRef & PoolRef {
  return { name: reader.string(), uuid: reader.uuid() };
}

export function encodeVolume(writer: XdrWriter, volume: VolumeRef): void {
  writer.string(volume.pool);
  writer.string(volume.name);
  writer.string(volume.key);
}

export function decodeVolume(reader: XdrReader): VolumeRef {
  return { pool: reader.string(), name: reader.string(), key: reader.string() };
}
