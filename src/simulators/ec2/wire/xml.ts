import { escaped } from '../../network/xml-text';

/** A value of an answer: an object's keys are elements in their order, an array's values are each an `<item>`. */
export type XmlValue = string | number | boolean | Date | XmlObject | readonly XmlValue[];

/** What is null or undefined is left out. */
export interface XmlObject {
  readonly [name: string]: XmlValue | null | undefined;
}

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The body of an answer: `<RunInstancesResponse xmlns="…"><requestId>…`. */
export function writeAnswer(action: string, requestId: string, result: XmlObject): string {
  const content = contentOf({ requestId, ...result });
  return `${DECLARATION}<${action}Response xmlns="${NAMESPACE}">${content}</${action}Response>`;
}

/** The body of a refusal. */
export function writeRefusal(code: string, message: string, requestId: string): string {
  const errors = element('Errors', { Error: { Code: code, Message: message } });
  return `${DECLARATION}<Response>${errors}${element('RequestID', requestId)}</Response>`;
}

function element(name: string, value: XmlValue): string {
  const content = contentOf(value);
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function contentOf(value: XmlValue): string {
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (isList(value)) return value.map((item) => element('item', item)).join('');
  return Object.entries(value)
    .map(([name, part]) => (part === null || part === undefined ? '' : element(name, part)))
    .join('');
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: XmlObject | readonly XmlValue[]): value is readonly XmlValue[] {
  return Array.isArray(value);
}
