import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Line } from './line';
import type { NetworkFault } from './network-faults';

const compress = promisify(gzip);
/** Below this a packet goes out either way. */
const MIN_GZIP_BYTES = 1_024;
const DRIP_BYTES = 16;
const DRIP_PAUSE_MS = 20;

export interface Reply {
  readonly status: number;
  /** Sent as UTF-8. */
  readonly text: string;
  /** Besides those of the length and the encoding. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a reply over a line, and does to it what the fault says. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  { line, fault, signal }: { line: Line; fault: NetworkFault | null; signal: AbortSignal },
): Promise<void> {
  if (fault === 'loseReply') {
    request.socket.destroy();
    return;
  }
  const plain = Buffer.from(reply.text);
  const zip = plain.length >= MIN_GZIP_BYTES && acceptsGzip(request);
  const body = zip ? await compress(plain, { level: 1 }) : plain;
  const headers = headersOf(reply, body, zip);
  if (signal.aborted) return;
  response.writeHead(reply.status, headers);
  if (fault === 'dropMidReply') {
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => request.socket.destroy());
    return;
  }
  await writeBody(response, body, fault === 'slowDrip' ? drip(signal) : paced(line, signal));
  if (fault === 'duplicateReply') repeat(request, response, reply.status, headers, body);
  response.end();
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
}

function headersOf(reply: Reply, body: Buffer, zip: boolean): Record<string, string> {
  return {
    ...reply.headers,
    'Content-Length': String(body.length),
    ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
  };
}

interface Pace {
  readonly bytes: number;
  wait(bytes: number): Promise<void>;
}

function paced(line: Line, signal: AbortSignal): Pace {
  return { bytes: line.chunkBytes, wait: (bytes) => line.take(bytes, signal) };
}

function drip(signal: AbortSignal): Pace {
  return { bytes: DRIP_BYTES, wait: () => sleep(DRIP_PAUSE_MS, undefined, { signal }) };
}

async function writeBody(response: ServerResponse, body: Buffer, pace: Pace): Promise<void> {
  for (let at = 0; at < body.length; at += pace.bytes) {
    const chunk = body.subarray(at, at + pace.bytes);
    await pace.wait(chunk.length);
    response.write(chunk);
  }
}

/** A copy that nobody asked for, right behind the body that is written already: past the HTTP code, which would never. */
function repeat(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: Buffer,
): void {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  request.socket.write(`HTTP/1.1 ${status} ${response.statusMessage}\r\n${head.join('')}\r\n`);
  request.socket.write(body);
}
