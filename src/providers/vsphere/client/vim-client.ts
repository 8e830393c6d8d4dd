import { setMaxListeners } from 'node:events';
import { follow } from './collector/feed';
import { listContained, retrieveContained } from './collector/contained';
import { readObjects } from './collector/read-objects';
import { TransportError } from './errors';
import type { FollowOptions, ObjectUpdate, RetrievedObject } from './object-update';
import type { CallOptions, VimClientOptions } from './options';
import type { ServiceContent } from './schema/content';
import type { MethodName, Params, Result } from './schema/methods';
import type { ManagedType, PropertiesOf, PropertyPath } from './schema/properties';
import type { MoRef } from './schema/schema';
import { Caller } from './session/caller';
import type { CallerOptions } from './session/caller';
import { Releases } from './session/releases';
import { Session } from './session/session';
import { Wire } from './session/wire';
import { serviceOf } from './transport/endpoint';
import type { Service } from './transport/endpoint';
import { Pool } from './transport/pool';

const MAX_CONNECTIONS = 8;
const RELEASE_TIMEOUT_MS = 5_000;

/**
 * A vCenter, an ESXi host or a simulator of one, over vim25. Nothing is connected before the first call; one session
 * serves all calls, and is made anew when the server has lost it.
 *
 * Every method throws VimFault (the server's answer), TransportError (none) or EncodingError (not sent), or the reason
 * of its signal.
 */
export class VimClient {
  private readonly service: Service;
  private readonly pool: Pool;
  private readonly closing = new AbortController();
  private readonly finished = new AbortController();
  private readonly feeds = new Set<Pool>();
  private readonly session: Session;
  private readonly callers: CallerOptions;
  private readonly caller: Caller;

  /** @throws TypeError where the URL or the fingerprint cannot be used */
  constructor(private readonly options: VimClientOptions) {
    this.service = serviceOf(options);
    // Every call under way listens to these.
    setMaxListeners(0, this.closing.signal, this.finished.signal);
    this.pool = new Pool(this.service.endpoint, options.maxConnections ?? MAX_CONNECTIONS, options.admit);
    const wire = new Wire(this.service.path, options.userAgent ?? 'vim-client');
    this.session = new Session(wire, this.pool, options, options.callTimeoutMs, this.closing.signal);
    this.callers = {
      wire,
      session: this.session,
      callTimeoutMs: options.callTimeoutMs,
      closing: this.closing.signal,
      releases: new Releases((login) => releaser.live(login, { timeoutMs: RELEASE_TIMEOUT_MS })),
    };
    const releaser = new Caller({ ...this.callers, closing: this.finished.signal }, this.pool);
    this.caller = new Caller(this.callers, this.pool);
  }

  /** The ids where everything begins; logged in. */
  async content(call: CallOptions = {}): Promise<ServiceContent> {
    return (await this.caller.begin(call)).login.content;
  }

  /** A method of a managed object. A task's method answers once the task exists, long before it is done. */
  call<M extends MethodName>(
    method: M,
    self: MoRef,
    params: Params<M>,
    call: CallOptions = {},
  ): Promise<Result<M>> {
    return this.caller.call(method, self, params, call);
  }

  /** Properties of an object; null where it is gone. */
  async read<T extends ManagedType, P extends PropertyPath<T>>(
    ref: MoRef<T>,
    paths: readonly P[],
    call: CallOptions = {},
  ): Promise<PropertiesOf<T, P> | null> {
    return (await readObjects(this.caller, [ref], paths, call)).get(ref.value) ?? null;
  }

  /** Properties of many objects, by the value of their references; those that are gone are left out. */
  async readMany<T extends ManagedType, P extends PropertyPath<T>>(
    refs: readonly MoRef<T>[],
    paths: readonly P[],
    call: CallOptions = {},
  ): Promise<ReadonlyMap<string, PropertiesOf<T, P>>> {
    return readObjects(this.caller, refs, paths, call);
  }

  /** The references of all objects of a type in a container, at any depth. */
  async listContained<T extends ManagedType>(
    container: MoRef,
    type: T,
    call: CallOptions = {},
  ): Promise<readonly MoRef<T>[]> {
    return listContained(this.caller, container, type, call);
  }

  /** The same with properties, as the pages come. The time-out holds for each page. */
  retrieveContained<T extends ManagedType, P extends PropertyPath<T>>(
    container: MoRef,
    type: T,
    paths: readonly P[],
    call: CallOptions = {},
  ): AsyncIterable<RetrievedObject<T, P>> {
    return retrieveContained(this.caller, container, type, paths, call);
  }

  /**
   * What there is in a container, then what changes, until the signal is aborted. It throws on any trouble, and what
   * happened since is unknown: the caller begins again, with what there is then.
   */
  async *follow<T extends ManagedType, P extends PropertyPath<T>>(
    options: FollowOptions<T, P>,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ObjectUpdate<T>[]> {
    const pool = new Pool(this.service.endpoint, 1, this.options.admit);
    this.feeds.add(pool);
    const ends = AbortSignal.any([signal, this.closing.signal]);
    try {
      yield* follow(new Caller(this.callers, pool), options, this.options.callTimeoutMs, ends);
    } finally {
      this.feeds.delete(pool);
      pool.destroy();
    }
  }

  /** Logs out and ends every connection. What is under way fails, and so does every later call. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    const closed = new TransportError('CLOSED', 'The client is closed.', { sent: false });
    this.closing.abort(closed);
    await this.callers.releases.settled();
    await this.session.end();
    this.finished.abort(closed);
    this.pool.destroy();
    for (const feed of this.feeds) feed.destroy();
  }
}
