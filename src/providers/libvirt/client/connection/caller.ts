import type { CallOptions } from '../options';
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';

export type Encode = (writer: XdrWriter) => void;
export type Decode<T> = (reader: XdrReader, serial: number) => T;

/** Whatever can carry a call: one connection, or one that is made anew when it breaks. */
export interface Caller {
  /**
   * @throws LibvirtError where the server answers with an error
   * @throws LibvirtConnectionError, LibvirtTimeoutError, or the signal's reason
   */
  call<T>(procedure: number, encode: Encode, decode: Decode<T>, options?: CallOptions): Promise<T>;
}
