import { invalidArgument } from '../../../kernel';
import type { XmlElement } from './element';

const NAME = /^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/;

/** What XML 1.0 cannot carry even escaped (its production `Char`), lone surrogates among them. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser turns these into spaces or line feeds unless they are written as references.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/**
 * Writes a document from a tree, so that no value can ever become markup.
 * @throws INVALID_ARGUMENT for a character that XML cannot carry
 */
export function serializeXml(root: XmlElement): string {
  const parts: string[] = [];
  write(root, parts);
  return parts.join('');
}

function write(element: XmlElement, parts: string[]): void {
  parts.push('<', checkedName(element.name));
  for (const [name, value] of Object.entries(element.attributes)) {
    parts.push(' ', checkedName(name), '="', escaped(value), '"');
  }
  if (element.children.length === 0 && element.text === '') {
    parts.push('/>');
    return;
  }
  parts.push('>', escaped(element.text));
  for (const child of element.children) write(child, parts);
  parts.push('</', element.name, '>');
}

function checkedName(name: string): string {
  if (!NAME.test(name))
    throw new TypeError(`Not a name of an XML element or attribute: ${JSON.stringify(name)}`);
  return name;
}

function escaped(value: string): string {
  if (FORBIDDEN.test(value)) {
    throw invalidArgument('value', 'it holds a control character that the backend cannot store.');
  }
  return value.replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
