import type { BulkStream } from '../connection/bulk-stream';

/** A guest's serial console. Iterate to read what it prints; `close` when done. */
export class DomainConsole implements AsyncIterable<Buffer> {
  constructor(private readonly bulk: BulkStream) {}

  /** Types at the guest. */
  write(data: Uint8Array): Promise<void> {
    return this.bulk.stream.send(data);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const chunk = await this.bulk.stream.receive();
      if (chunk === null) return;
      yield chunk;
    }
  }

  close(): void {
    this.bulk.close();
  }
}
