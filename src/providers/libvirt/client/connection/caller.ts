import type { CallOptions } from '../options';
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';

/** Writes the arguments, in the moment in which the call is sent: only then does it have a serial. */
export type Encode = (writer: XdrWriter, serial: number) => void;
export type Decode<T> = (reader: XdrReader) => T;

/** Whatever can carry a call: one connection, or one that is made anew when it breaks. */
export interface Caller {
  /**
   * @throws LibvirtError where the server answers with an error
   * @throws LibvirtConnectionError, LibvirtTimeoutError, or the signal's reason
   */
  call<T>(procedure: number, encode: Encode, decode: Decode<T>, options?: CallOptions): Promise<T>;
}
