import type { VimStruct, VimValue } from './values';
import { struct } from './values';

/** A fault of the protocol: thrown by a method it becomes a SOAP fault, thrown by a task's work the task's error. */
export class VimFault extends Error {
  readonly fault: VimStruct;

  /** @param type the fault's type without the suffix `Fault` of its element, for example `DuplicateName` */
  constructor(type: string, fields: Readonly<Record<string, VimValue | undefined>> = {}, message = type) {
    super(message);
    this.name = 'VimFault';
    this.fault = struct(type, fields);
  }
}
