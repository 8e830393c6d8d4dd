/**
 * Typed parameters:
 *
 *     param = { string field; u32 type; value }
 *     type    INT 1: int, UINT 2: unsigned int, LLONG 3: hyper, ULLONG 4: unsigned hyper,
 *             DOUBLE 5: double, BOOLEAN 6: int, STRING 7: string
 *
 * 64-bit values are always `bigint`, so that a counter does not change its type when it grows.
 */
import { XdrError } from '../wire/xdr-error';
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';

export const TYPED_PARAM = {
  INT: 1,
  UINT: 2,
  LLONG: 3,
  ULLONG: 4,
  DOUBLE: 5,
  BOOLEAN: 6,
  STRING: 7,
} as const;

export type TypedParam =
  | { readonly field: string; readonly type: 1 | 2 | 5; readonly value: number }
  | { readonly field: string; readonly type: 3 | 4; readonly value: bigint }
  | { readonly field: string; readonly type: 6; readonly value: boolean }
  | { readonly field: string; readonly type: 7; readonly value: string };

export type TypedParamValue = TypedParam['value'];

export function decodeTypedParam(reader: XdrReader): TypedParam {
  const field = reader.string();
  const type = reader.u32();
  switch (type) {
    case TYPED_PARAM.INT:
      return { field, type, value: reader.i32() };
    case TYPED_PARAM.UINT:
      return { field, type, value: reader.u32() };
    case TYPED_PARAM.LLONG:
      return { field, type, value: reader.i64() };
    case TYPED_PARAM.ULLONG:
      return { field, type, value: reader.u64() };
    case TYPED_PARAM.DOUBLE:
      return { field, type, value: reader.f64() };
    case TYPED_PARAM.BOOLEAN:
      return { field, type, value: reader.bool() };
    case TYPED_PARAM.STRING:
      return { field, type, value: reader.string() };
    default:
      throw new XdrError(`The typed parameter ${JSON.stringify(field)} has the unknown type ${type}.`);
  }
}

export function encodeTypedParam(writer: XdrWriter, param: TypedParam): void {
  writer.string(param.field);
  writer.u32(param.type);
  switch (param.type) {
    case TYPED_PARAM.INT:
      return writer.i32(param.value);
    case TYPED_PARAM.UINT:
      return writer.u32(param.value);
    case TYPED_PARAM.LLONG:
      return writer.i64(param.value);
    case TYPED_PARAM.ULLONG:
      return writer.u64(param.value);
    case TYPED_PARAM.DOUBLE:
      return writer.f64(param.value);
    case TYPED_PARAM.BOOLEAN:
      return writer.bool(param.value);
    case TYPED_PARAM.STRING:
      return writer.string(param.value);
  }
}

/** The parameters by field. */
export function decodeTypedParams(reader: XdrReader): ReadonlyMap<string, TypedParamValue> {
  return new Map(reader.list(decodeTypedParam).map((param) => [param.field, param.value]));
}
