import { randomBytes, randomUUID } from 'node:crypto';
import type { ManagedObject } from '../objects/object-store';
import { VimFault } from '../vim/fault';
import { refKey } from '../vim/value-kinds';
import { moRef, struct } from '../vim/values';
import type { MoRef, VimStruct } from '../vim/values';

/** A view, a collector or a filter: seen by one session only, and gone with it. */
export interface SessionObject {
  readonly ref: MoRef;
  /** As it is now. */
  picture(): ManagedObject;
  /** Ends what waits on it. */
  dispose(): void;
}

export interface ClientInfo {
  readonly address: string;
  readonly userAgent: string;
}

/** More than any honest client has at a time; a leak shows here before it shows as memory. */
const MAX_OBJECTS = 10_000;

/** A login. `token` is the cookie's value and a secret; `key` names the session to other users. */
export class Session {
  readonly key = randomUUID();
  readonly token = randomBytes(20).toString('hex');
  private readonly objects = new Map<string, SessionObject>();
  private readonly ended = new AbortController();
  private readonly listeners = new Set<() => void>();
  private calls = 0;
  private callsUnderWay = 0;
  private lastActive: number;

  constructor(
    readonly userName: string,
    private readonly client: ClientInfo,
    private readonly loginTime: number,
  ) {
    this.lastActive = loginTime;
  }

  /** Aborted at the end of the session. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** Told at the start of each call; the returned function at its end. A call under way keeps a session awake. */
  begin(now: () => number): () => void {
    this.calls += 1;
    this.callsUnderWay += 1;
    this.lastActive = now();
    return () => {
      this.callsUnderWay -= 1;
      this.lastActive = now();
    };
  }

  isIdle(now: number, timeoutMs: number): boolean {
    return this.callsUnderWay === 0 && now - this.lastActive >= timeoutMs;
  }

  /** A reference for an object of this session, in the form that vCenter gives them. */
  newRef(type: string): MoRef {
    return moRef(type, `session[${this.key}]${randomUUID()}`);
  }

  own(object: SessionObject): void {
    if (this.objects.size >= MAX_OBJECTS) {
      throw new VimFault('LimitExceeded', { property: 'session', limit: MAX_OBJECTS });
    }
    this.objects.set(refKey(object.ref), object);
  }

  get(ref: MoRef): SessionObject | null {
    return this.objects.get(refKey(ref)) ?? null;
  }

  ofType(type: string): readonly SessionObject[] {
    return [...this.objects.values()].filter((object) => object.ref.$ref === type);
  }

  disown(ref: MoRef): void {
    const object = this.objects.get(refKey(ref));
    this.objects.delete(refKey(ref));
    object?.dispose();
    this.changed();
  }

  /** Wakes whoever waits for news: an object of the session is not the same any more. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  /** Calls back after every change of the session's objects until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  end(): void {
    this.ended.abort();
    for (const object of this.objects.values()) object.dispose();
    this.objects.clear();
  }

  /** The `UserSession` that clients are told. */
  describe(): VimStruct {
    return struct('UserSession', {
      key: this.key,
      userName: this.userName,
      fullName: this.userName,
      loginTime: new Date(this.loginTime),
      lastActiveTime: new Date(this.lastActive),
      locale: 'en',
      messageLocale: 'en',
      extensionSession: false,
      ipAddress: this.client.address,
      userAgent: this.client.userAgent,
      callCount: { $scalar: 'xsd:long', value: this.calls },
    });
  }
}
