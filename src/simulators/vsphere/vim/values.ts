/** A reference to a managed object: `<vm type="VirtualMachine">vm-60</vm>` on the wire. */
export interface MoRef {
  readonly $ref: string;
  readonly value: string;
}

/** A data object. Its fields stand in the order of the WSDL's sequence, because that is how they are written. */
export interface VimStruct {
  readonly $type: string;
  readonly [field: string]: VimValue | undefined;
}

/** Repeated elements inside a data object; `ArrayOf…` where the declared type is any. */
export interface VimArray {
  /** The type of an element, for example `VirtualDevice`, `ManagedObjectReference` or `xsd:string`. */
  readonly $array: string;
  readonly items: readonly VimValue[];
}

/** A scalar whose type is not the one that its JavaScript value suggests: an enumeration, `xsd:long`, `xsd:short`. */
export interface VimScalar {
  readonly $scalar: string;
  readonly value: string | number | boolean;
}

/** Plain strings are `xsd:string`, numbers `xsd:int`, booleans `xsd:boolean`, dates `xsd:dateTime`. */
export type VimValue = string | number | boolean | Date | MoRef | VimStruct | VimArray | VimScalar;

export function moRef(type: string, value: string): MoRef {
  return { $ref: type, value };
}

export function struct(type: string, fields: Readonly<Record<string, VimValue | undefined>> = {}): VimStruct {
  return { $type: type, ...fields };
}

export function array(elementType: string, items: readonly VimValue[]): VimArray {
  return { $array: elementType, items };
}

export function enumeration(type: string, value: string): VimScalar {
  return { $scalar: type, value };
}

export function long(value: number): VimScalar {
  return { $scalar: 'xsd:long', value };
}
