/** The last bytes of a text, at most so many, beginning with a whole character. */
export function keepTail(bytes: Buffer, maxBytes: number): string {
  let start = Math.max(0, bytes.length - maxBytes);
  // A UTF-8 character goes on with bytes 10xxxxxx.
  while (start > 0 && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  const text = bytes.toString('utf8', start);
  // A replacement is longer than the byte that it stands for.
  return Buffer.byteLength(text) <= maxBytes ? text : keepTail(Buffer.from(text), maxBytes);
}
