import type { Frame } from './frame';
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES, MalformedFrameError, decodeFrame } from './frame';

/**
 * Cuts a byte stream into frames, whatever the sizes of the pieces it arrives in. Whole frames inside one
 * piece are handed out as views of it; only a frame that spans pieces is copied, once.
 */
export class FrameReader {
  /** The frame that has begun but not ended; its capacity is the frame's length once that is known. */
  private partial: Buffer | null = null;
  private filled = 0;
  /** The bytes of a length field that was itself cut apart. */
  private readonly lengthBytes = Buffer.alloc(4);
  private lengthFilled = 0;

  /**
   * Takes the next piece and calls `onFrame` for each frame that it completes, in order.
   * @throws MalformedFrameError where a length is below 28 or above 33,554,432; the reader is then useless
   */
  push(piece: Buffer, onFrame: (frame: Frame) => void): void {
    let offset = 0;
    while (offset < piece.length) {
      if (this.partial !== null) offset = this.fill(piece, offset, onFrame);
      else if (this.lengthFilled > 0 || piece.length - offset < 4) offset = this.fillLength(piece, offset);
      else offset = this.takeWhole(piece, offset, onFrame);
    }
  }

  /** True between two frames; false where the stream would be cut off inside one. */
  get atBoundary(): boolean {
    return this.partial === null && this.lengthFilled === 0;
  }

  private takeWhole(piece: Buffer, offset: number, onFrame: (frame: Frame) => void): number {
    const length = checkedLength(piece.readUInt32BE(offset));
    if (piece.length - offset >= length) {
      onFrame(decodeFrame(piece, offset, length));
      return offset + length;
    }
    this.partial = Buffer.allocUnsafe(length);
    this.filled = piece.copy(this.partial, 0, offset);
    return piece.length;
  }

  private fillLength(piece: Buffer, offset: number): number {
    const taken = piece.copy(this.lengthBytes, this.lengthFilled, offset, offset + 4 - this.lengthFilled);
    this.lengthFilled += taken;
    if (this.lengthFilled === 4) {
      this.partial = Buffer.allocUnsafe(checkedLength(this.lengthBytes.readUInt32BE(0)));
      this.filled = this.lengthBytes.copy(this.partial, 0);
      this.lengthFilled = 0;
    }
    return offset + taken;
  }

  private fill(piece: Buffer, offset: number, onFrame: (frame: Frame) => void): number {
    const partial = this.partial!;
    const taken = piece.copy(partial, this.filled, offset, offset + partial.length - this.filled);
    this.filled += taken;
    if (this.filled === partial.length) {
      this.partial = null;
      this.filled = 0;
      onFrame(decodeFrame(partial, 0, partial.length));
    }
    return offset + taken;
  }
}

function checkedLength(length: number): number {
  if (length < FRAME_HEADER_BYTES || length > MAX_FRAME_BYTES) {
    throw new MalformedFrameError(
      `Frame length ${length} is outside ${FRAME_HEADER_BYTES} to ${MAX_FRAME_BYTES} bytes.`,
    );
  }
  return length;
}
