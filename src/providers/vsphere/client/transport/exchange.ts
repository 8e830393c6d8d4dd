import type { ClientRequest, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { TransportError } from '../errors';
import { BadAnswerError } from '../soap/bad-answer';
import type { Lifetime } from './lifetime';
import type { Pool, PoolRequest } from './pool';

/** What takes the body of an answer, chunk by chunk. */
export interface BodySink<R> {
  write(bytes: Uint8Array): void;
  end(): R;
}

export interface ExchangeOptions<R> {
  readonly request: PoolRequest;
  readonly body: string;
  /** Null refuses the answer, because of its status or its headers. */
  readonly sinkFor: (answer: IncomingMessage) => BodySink<R> | null;
  readonly life: Lifetime;
  /** The longest silence within an answer, in milliseconds; null for any. */
  readonly stallMs: number | null;
}

/** A kept connection had died before anything of the answer came: the server had most likely closed it unused. */
export class StaleConnectionError extends TransportError {}

interface State {
  request: ClientRequest | null;
  /** Whether the request may have reached the server. */
  sent: boolean;
  answered: boolean;
}

/**
 * One request and its answer.
 * @throws TransportError, what the admission is refused with, or the reason for which the call's lifetime ended
 */
export async function exchange<R>(pool: Pool, options: ExchangeOptions<R>): Promise<R> {
  const { signal } = options.life;
  const state: State = { request: null, sent: false, answered: false };
  await pool.admit(signal);
  try {
    await pool.slots.take(signal);
    try {
      return await roundTrip(pool, options, state);
    } finally {
      pool.slots.giveBack();
    }
  } catch (error) {
    throw signal.aborted ? ended(signal.reason as Error, state.sent) : describe(error, state);
  }
}

async function roundTrip<R>(pool: Pool, options: ExchangeOptions<R>, state: State): Promise<R> {
  const { signal } = options.life;
  // Destroying the request frees its socket and fails whatever reads the answer.
  const abort = (): void => void state.request?.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const opened = pool.open(options.request, resolve);
      state.request = opened;
      opened.on('error', reject).once('socket', () => (state.sent = true));
      opened.end(options.body);
    });
    state.answered = true;
    if (options.stallMs !== null) options.life.watchStalls(options.stallMs);
    return await receive(answer, options);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function receive<R>(answer: IncomingMessage, options: ExchangeOptions<R>): Promise<R> {
  const sink = options.sinkFor(answer);
  if (sink === null) {
    const status = answer.statusCode ?? 0;
    answer.destroy();
    throw new TransportError('HTTP_STATUS', `The server answered with the status ${status}.`, {
      sent: true,
      status,
      retryAfter: answer.headers['retry-after'],
    });
  }
  const read = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      options.life.alive();
      sink.write(chunk);
    }
  };
  if (answer.headers['content-encoding'] === 'gzip') await pipeline(answer, createGunzip(), read);
  else await pipeline(answer, read);
  if (!answer.complete) throw new Error('The answer is not complete.');
  return sink.end();
}

/** Whoever ends a call does not know how far it has come. */
function ended(reason: Error, sent: boolean): Error {
  if (!(reason instanceof TransportError)) return reason;
  return new TransportError(reason.reason, reason.message, { sent, cause: reason.cause });
}

function describe(error: unknown, state: State): Error {
  if (error instanceof TransportError) return error;
  const cause = error as NodeJS.ErrnoException;
  if (error instanceof BadAnswerError || isBadBytes(cause))
    return new TransportError('BAD_ANSWER', cause.message, { sent: true, cause });
  const { sent, request } = state;
  const stale = request?.reusedSocket === true && !state.answered;
  const Kind = stale ? StaleConnectionError : TransportError;
  return new Kind('CUT_OFF', `The connection ended before the answer did: ${cause.message}`, { sent, cause });
}

/** Errors of the parser of HTTP and of gzip. */
function isBadBytes(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith('HPE_') === true || error.code?.startsWith('Z_') === true;
}
