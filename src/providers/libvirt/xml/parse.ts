import { SaxesParser } from 'saxes';
import type { XmlElement } from './element';

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** Deeper than any document of libvirt; a deeper one is refused before it can exhaust the stack. */
const MAX_DEPTH = 64;

/**
 * Parses a document that the backend sent. A document type declaration is refused, so there are no entities
 * but XML's own five, and none is ever fetched.
 * @throws Error for what is not well-formed
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('A document type declaration is not accepted.');
  });
  parser.on('opentag', (tag) => {
    if (open.length >= MAX_DEPTH) throw new Error('The document is nested too deeply.');
    open.push({ name: tag.name, attributes: tag.attributes, children: [], text: '' });
  });
  const addText = (chunk: string): void => {
    const current = open.at(-1);
    if (current) current.text += chunk;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    // Between elements there is only indentation.
    if (closed.children.length > 0) closed.text = closed.text.trim();
    const parent = open.at(-1);
    if (parent) parent.children.push(closed);
    else root = closed;
  });
  parser.write(text).close();
  if (!root) throw new Error('The document has no root element.');
  return root;
}
