import type { CallContext, VmRef } from '../contract';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
import { requireOwn } from './find-vm';

/** Nova counts lines; a line of a console is rarely shorter. */
const BYTES_PER_LINE = 20;

/** At most the last `maxBytes` bytes; empty before there is a console. */
export async function readConsoleLog(
  cloud: Cloud,
  ref: VmRef,
  maxBytes: number,
  context: CallContext,
): Promise<string> {
  const { server } = await requireOwn(cloud, ref, context);
  const lines = Math.ceil(maxBytes / BYTES_PER_LINE);
  const call = { signal: context.signal };
  try {
    return lastBytes(await cloud.client.compute.servers.consoleOutput(server.id, lines, call), maxBytes);
  } catch (error) {
    // 409: no host has it, because it was never built or is shelved. 404: its host has no log of it, or it is gone.
    if (!isStatus(error, 404, 409)) throw error;
    await requireOwn(cloud, ref, context);
    return '';
  }
}

/** Never begins within a character. */
function lastBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  let begin = bytes.length - maxBytes;
  while (begin < bytes.length && ((bytes[begin] ?? 0) & 0xc0) === 0x80) begin += 1;
  return bytes.subarray(begin).toString('utf8');
}
