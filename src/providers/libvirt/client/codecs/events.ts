/**
 * Registration of events and the events themselves, which arrive as frames of the type MESSAGE:
 *
 *     DOMAIN_EVENT_CALLBACK_REGISTER_ANY  { int eventId; domain *dom; }   -> { int callbackId; }
 *     NETWORK_EVENT_REGISTER_ANY          { int eventId; network *net; }  -> { int callbackId; }
 *     ..._DEREGISTER_ANY                  { int callbackId; }
 *     DOMAIN_EVENT_CALLBACK_LIFECYCLE     { int callbackId; domain; int event; int detail; }
 *     DOMAIN_EVENT_CALLBACK_REBOOT        { int callbackId; domain; }
 *     NETWORK_EVENT_LIFECYCLE             { int callbackId; network; int event; int detail; }
 */
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';
import type { DomainRef, NetworkRef } from './objects';
import { decodeDomain, decodeNamed } from './objects';

/** `virDomainEventID` of the kinds that this client registers. */
export const DOMAIN_EVENT_ID = { LIFECYCLE: 0, REBOOT: 1 } as const;

/** `virNetworkEventID`. */
export const NETWORK_EVENT_ID = { LIFECYCLE: 0 } as const;

export interface DomainLifecycleEvent {
  readonly domain: DomainRef;
  /** See `DOMAIN_EVENT`. */
  readonly event: number;
  /** Why; the numbers depend on the event (`virDomainEvent*DetailType`). */
  readonly detail: number;
}

export interface DomainRebootEvent {
  readonly domain: DomainRef;
}

export interface NetworkLifecycleEvent {
  readonly network: NetworkRef;
  /** See `NETWORK_EVENT`. */
  readonly event: number;
  readonly detail: number;
}

/** For every object, not for one: the optional reference is absent. */
export function encodeRegistration(writer: XdrWriter, eventId: number): void {
  writer.i32(eventId);
  writer.bool(false);
}

export function decodeDomainLifecycle(reader: XdrReader): DomainLifecycleEvent {
  reader.i32();
  return { domain: decodeDomain(reader), event: reader.i32(), detail: reader.i32() };
}

export function decodeDomainReboot(reader: XdrReader): DomainRebootEvent {
  reader.i32();
  return { domain: decodeDomain(reader) };
}

export function decodeNetworkLifecycle(reader: XdrReader): NetworkLifecycleEvent {
  reader.i32();
  return { network: decodeNamed(reader), event: reader.i32(), detail: reader.i32() };
}
