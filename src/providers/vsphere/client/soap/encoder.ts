import { METHODS } from '../schema/methods';
import type { MethodName } from '../schema/methods';
import type { MoRef, ScalarSchema, Schema, StructSchema, UnionSchema } from '../schema/schema';
import { EncodingError } from './encoding-error';
import { escapeXml } from './escape';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  '<soapenv:Body>';
const TAIL = '</soapenv:Body></soapenv:Envelope>';

/**
 * A call as SOAP 1.1. Elements stand in the order of the WSDL, however the parameters are ordered.
 * @throws EncodingError for a value that its schema or XML does not allow
 */
export function encodeCall(method: MethodName, self: MoRef, params: object): string {
  const body =
    `<${method} xmlns="urn:vim25">` +
    element('_this', { kind: 'moRef' }, self) +
    fields(METHODS[method].params, params) +
    `</${method}>`;
  return HEAD + body + TAIL;
}

function fields(schema: StructSchema, value: object): string {
  let xml = '';
  for (const [name, field] of Object.entries(schema.fields)) {
    const given = (value as Record<string, unknown>)[name];
    if (given !== undefined) xml += element(name, field, given);
    else if (field.kind !== 'optional' && field.kind !== 'array')
      throw new EncodingError(`${schema.name} has no ${name}.`);
  }
  return xml;
}

function element(name: string, schema: Schema, value: unknown): string {
  switch (schema.kind) {
    case 'optional':
      return element(name, schema.inner, value);
    case 'lazy':
      return element(name, schema.get(), value);
    case 'array':
      return (value as readonly unknown[]).map((item) => element(name, schema.item, item)).join('');
    case 'scalar':
      return `<${name}>${printed(schema, value)}</${name}>`;
    case 'moRef':
      return reference(name, '', value as MoRef);
    case 'struct': {
      const type = schema.typed ? ` xsi:type="${schema.name}"` : '';
      return `<${name}${type}>${fields(schema, value as object)}</${name}>`;
    }
    case 'union':
      return member(name, schema, value as UnionValue);
    case 'any':
      return anyValue(name, value);
    case 'open':
      throw new EncodingError(`${name}: a fault is never sent.`);
  }
}

interface UnionValue {
  readonly $type: string;
  readonly $unknownType?: string;
}

function member(name: string, union: UnionSchema, value: UnionValue): string {
  const schema = union.members.find((candidate) => candidate.name === value.$type);
  if (schema === undefined) throw new EncodingError(`${name}: ${value.$type} is no ${union.base.name}.`);
  const type = escapeXml(value.$unknownType ?? schema.name);
  return `<${name} xsi:type="${type}">${fields(schema, value)}</${name}>`;
}

function printed(schema: ScalarSchema, value: unknown): string {
  const text = schema.print(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new EncodingError(`${text} is no number.`);
  return escapeXml(text);
}

function reference(name: string, attributes: string, ref: MoRef): string {
  return `<${name}${attributes} type="${escapeXml(ref.type)}">${escapeXml(ref.value)}</${name}>`;
}

/** An any-typed value says what it is. */
function anyValue(name: string, value: unknown): string {
  const as = (type: string, text: string): string =>
    `<${name} xsi:type="xsd:${type}">${escapeXml(text)}</${name}>`;
  if (typeof value === 'string') return as('string', value);
  if (typeof value === 'boolean') return as('boolean', String(value));
  if (typeof value === 'number') return as(numberType(value), String(value));
  if (value instanceof Date) return as('dateTime', value.toISOString());
  if (isReference(value)) return reference(name, ' xsi:type="ManagedObjectReference"', value);
  throw new EncodingError(`${name}: a value of no type that could be named.`);
}

function numberType(value: number): string {
  if (!Number.isSafeInteger(value)) return 'double';
  return (value | 0) === value ? 'int' : 'long';
}

function isReference(value: unknown): value is MoRef {
  const ref = value as Partial<MoRef> | null;
  return typeof ref === 'object' && typeof ref?.type === 'string' && typeof ref.value === 'string';
}
