import { decodeNothing } from '../codecs/connect';
import type { DomainLifecycleEvent, DomainRebootEvent, NetworkLifecycleEvent } from '../codecs/events';
import {
  decodeDomainLifecycle,
  decodeDomainReboot,
  decodeNetworkLifecycle,
  DOMAIN_EVENT_ID,
  encodeRegistration,
  NETWORK_EVENT_ID,
} from '../codecs/events';
import type { Logger } from '../../../../kernel';
import { LibvirtError } from '../errors';
import type { Caller } from '../connection/caller';
import type { ReconnectingConnection } from '../connection/reconnecting-connection';
import { PROCEDURE } from '../procedures';
import type { XdrReader } from '../wire/xdr-reader';

/** Ends what it stands for. */
export interface Subscription {
  /** Tells the daemon once the last listener of a kind is gone. Never fails: a lost connection forgets anyway. */
  close(): Promise<void>;
}

interface EventKind<E> {
  readonly eventId: number;
  readonly register: number;
  readonly deregister: number;
  /** The procedure of the pushed message. */
  readonly pushed: number;
  readonly decode: (reader: XdrReader) => E;
}

const DOMAIN_REGISTER = PROCEDURE.connectDomainEventCallbackRegisterAny;
const DOMAIN_DEREGISTER = PROCEDURE.connectDomainEventCallbackDeregisterAny;

const DOMAIN_LIFECYCLE: EventKind<DomainLifecycleEvent> = {
  eventId: DOMAIN_EVENT_ID.LIFECYCLE,
  register: DOMAIN_REGISTER,
  deregister: DOMAIN_DEREGISTER,
  pushed: PROCEDURE.domainEventCallbackLifecycle,
  decode: decodeDomainLifecycle,
};

const DOMAIN_REBOOT: EventKind<DomainRebootEvent> = {
  eventId: DOMAIN_EVENT_ID.REBOOT,
  register: DOMAIN_REGISTER,
  deregister: DOMAIN_DEREGISTER,
  pushed: PROCEDURE.domainEventCallbackReboot,
  decode: decodeDomainReboot,
};

const NETWORK_LIFECYCLE: EventKind<NetworkLifecycleEvent> = {
  eventId: NETWORK_EVENT_ID.LIFECYCLE,
  register: PROCEDURE.connectNetworkEventRegisterAny,
  deregister: PROCEDURE.connectNetworkEventDeregisterAny,
  pushed: PROCEDURE.networkEventLifecycle,
  decode: decodeNetworkLifecycle,
};

/** One kind that has listeners, and so one registration with the daemon. */
interface Registration {
  readonly kind: EventKind<unknown>;
  readonly listeners: Set<(event: never) => void>;
  /** Null while the daemon has not confirmed it. The id means something on that one connection only. */
  active: { readonly connection: Caller; readonly callbackId: number } | null;
  /** Under way, so that two listeners at once do not register twice. */
  pending: Promise<void> | null;
}

/**
 * Events of every domain and network, over the connection that also reads. However many listeners a kind has,
 * the daemon is asked once, and again after each reconnect. Events of the time in between are lost: that is
 * what `onReconnected` of the client is for.
 */
export class EventCalls {
  private readonly registrations = new Map<number, Registration>();

  constructor(
    private readonly connection: ReconnectingConnection,
    private readonly logger: Logger,
  ) {
    connection.onEvent = (procedure, payload) => this.dispatch(procedure, payload);
    connection.prepare = (opened) => this.registerAll(opened);
  }

  /** Defined, undefined, started, suspended, resumed, stopped, ... (register 316, pushed 318). */
  onDomainLifecycle(listener: (event: DomainLifecycleEvent) => void): Promise<Subscription> {
    return this.subscribe(DOMAIN_LIFECYCLE, listener);
  }

  /** A guest rebooted itself or was told to; its id stays the same (register 316, pushed 319). */
  onDomainReboot(listener: (event: DomainRebootEvent) => void): Promise<Subscription> {
    return this.subscribe(DOMAIN_REBOOT, listener);
  }

  /** Defined, undefined, started, stopped (register 313, pushed 315). */
  onNetworkLifecycle(listener: (event: NetworkLifecycleEvent) => void): Promise<Subscription> {
    return this.subscribe(NETWORK_LIFECYCLE, listener);
  }

  private async subscribe<E>(kind: EventKind<E>, listener: (event: E) => void): Promise<Subscription> {
    this.connection.wanted = true;
    const known = this.registrations.get(kind.pushed);
    const registration: Registration = known ?? { kind, listeners: new Set(), active: null, pending: null };
    const ours = (event: E): void => listener(event);
    registration.listeners.add(ours);
    this.registrations.set(kind.pushed, registration);
    try {
      await this.ensureRegistered(registration);
    } catch (error) {
      await this.unsubscribe(registration, ours);
      throw error;
    }
    return { close: () => this.unsubscribe(registration, ours) };
  }

  private async ensureRegistered(registration: Registration): Promise<void> {
    const opened = await this.connection.open();
    if (registration.active?.connection === opened) return;
    registration.pending ??= this.register(opened, registration).finally(() => {
      registration.pending = null;
    });
    await registration.pending;
  }

  private async unsubscribe(registration: Registration, listener: (event: never) => void): Promise<void> {
    registration.listeners.delete(listener);
    if (registration.listeners.size > 0 || this.registrations.get(registration.kind.pushed) !== registration)
      return;
    this.registrations.delete(registration.kind.pushed);
    this.connection.wanted = this.registrations.size > 0;
    if (registration.active === null) return;
    const { connection, callbackId } = registration.active;
    const gone = connection.call(
      registration.kind.deregister,
      (writer) => writer.i32(callbackId),
      decodeNothing,
    );
    await gone.catch((error: unknown) =>
      this.logger.debug({ err: error }, 'libvirt: events not deregistered'),
    );
  }

  /** A kind that the daemon refuses must not cost the connection: whoever asked for it is told separately. */
  private async registerAll(connection: Caller): Promise<void> {
    for (const registration of this.registrations.values()) {
      try {
        await this.register(connection, registration);
      } catch (error) {
        if (!(error instanceof LibvirtError)) throw error;
        this.logger.warn({ err: error, event: registration.kind.pushed }, 'libvirt: events refused');
      }
    }
  }

  private async register(connection: Caller, registration: Registration): Promise<void> {
    const { kind } = registration;
    registration.active = null;
    const callbackId = await connection.call(
      kind.register,
      (writer) => encodeRegistration(writer, kind.eventId),
      (reader) => reader.i32(),
    );
    registration.active = { connection, callbackId };
  }

  private dispatch(procedure: number, payload: XdrReader): void {
    const registration = this.registrations.get(procedure);
    if (registration === undefined) return;
    const event = registration.kind.decode(payload) as never;
    for (const listener of registration.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error({ err: error }, 'libvirt: a listener threw');
      }
    }
  }
}
