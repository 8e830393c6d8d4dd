import { escaped } from '../../network/xml-text';
import type { HiddenFields } from './newer-fields';
import { isArray, isMoRef, isScalar, isSet } from './value-kinds';
import type { MoRef, VimArray, VimScalar, VimStruct, VimValue } from './values';

/** Fields that the WSDL declares as `xsd:anyType`: their value has to say its type, whatever it is. */
const ANY_FIELDS: ReadonlySet<string> = new Set([
  'DynamicProperty.val',
  'KeyAnyValue.value',
  'OptionValue.value',
  'PropertyChange.val',
  'TaskInfo.result',
]);

/** What nothing is derived from and what comes by the thousand: the type is clear from the place. */
const PLAIN_STRUCTS: ReadonlySet<string> = new Set([
  'DynamicProperty',
  'LocalizedMethodFault',
  'MissingObject',
  'MissingProperty',
  'ObjectContent',
  'ObjectUpdate',
  'PropertyChange',
  'PropertyFilterUpdate',
  'RetrieveResult',
  'UpdateSet',
]);

const LARGEST_INT = 2_147_483_647;

/**
 * Writes one element. `any` says that the declared type is `xsd:anyType`, so that the element has to carry
 * `xsi:type`; data objects carry it always, because the declared type may be one that they are derived from.
 * The prefixes `xsi` and `xsd` are declared by the envelope. Nothing is written for an empty enumeration,
 * nor for the fields that are `hidden` from the client.
 */
export function writeValue(
  name: string,
  value: VimValue,
  any = false,
  hidden: HiddenFields | null = null,
): string {
  if (!isSet(value)) return '';
  if (typeof value !== 'object') return writePlain(name, value, any);
  if (value instanceof Date)
    return `<${name}${any ? typed('xsd:dateTime') : ''}>${value.toISOString()}</${name}>`;
  if (isMoRef(value)) return writeRef(name, value, any);
  if (isArray(value)) return any ? writeTypedArray(name, value, hidden) : writeItems(name, value, hidden);
  if (isScalar(value)) return writeScalar(name, value, any);
  return writeStruct(name, value, hidden);
}

/** The fields of a data object, without an element around them, and without those that are hidden. */
export function writeFields(value: VimStruct, hidden: HiddenFields | null = null): string {
  let written = '';
  for (const field in value) {
    const one = value[field];
    if (one === undefined || field === '$type') continue;
    const fullName = `${value.$type}.${field}`;
    if (!hidden?.has(fullName)) written += writeValue(field, one, ANY_FIELDS.has(fullName), hidden);
  }
  return written;
}

function typed(type: string): string {
  return ` xsi:type="${type}"`;
}

function writePlain(name: string, value: string | number | boolean, any: boolean): string {
  const text = typeof value === 'string' ? escaped(value) : String(value);
  return `<${name}${any ? typed(typeOfPlain(value)) : ''}>${text}</${name}>`;
}

function typeOfPlain(value: string | number | boolean): string {
  if (typeof value === 'string') return 'xsd:string';
  if (typeof value === 'boolean') return 'xsd:boolean';
  if (!Number.isInteger(value)) return 'xsd:double';
  return Math.abs(value) > LARGEST_INT ? 'xsd:long' : 'xsd:int';
}

function writeScalar(name: string, value: VimScalar, any: boolean): string {
  return `<${name}${any ? typed(value.$scalar) : ''}>${escaped(String(value.value))}</${name}>`;
}

function writeRef(name: string, ref: MoRef, any: boolean): string {
  const attributes = `type="${ref.$ref}"${any ? typed('ManagedObjectReference') : ''}`;
  return `<${name} ${attributes}>${escaped(ref.value)}</${name}>`;
}

function writeStruct(name: string, value: VimStruct, hidden: HiddenFields | null): string {
  const type = PLAIN_STRUCTS.has(value.$type) ? '' : typed(value.$type);
  return `<${name}${type}>${writeFields(value, hidden)}</${name}>`;
}

/**
 * V8 keeps what is added up as a tree of its pieces until somebody reads a character of it. The trees of ten
 * thousand objects would keep its collector of garbage busy for twice as long as it takes to write them.
 */
function inOnePiece(text: string): string {
  text.charCodeAt(0);
  return text;
}

function writeItems(name: string, value: VimArray, hidden: HiddenFields | null): string {
  const any = value.$array === 'xsd:anyType';
  return value.items.map((item) => inOnePiece(writeValue(name, item, any, hidden))).join('');
}

/** `ArrayOfVirtualDevice` of `VirtualDevice`, `ArrayOfString` of `string`: an array that stands in no field. */
function writeTypedArray(name: string, value: VimArray, hidden: HiddenFields | null): string {
  const item = value.$array.replace(/^xsd:/, '');
  const type = `ArrayOf${item.charAt(0).toUpperCase()}${item.slice(1)}`;
  return `<${name}${typed(type)}>${writeItems(item, value, hidden)}</${name}>`;
}
