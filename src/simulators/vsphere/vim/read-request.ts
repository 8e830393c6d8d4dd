import { SaxesParser } from 'saxes';
import type { SaxesAttributeNS, SaxesTagNS } from 'saxes';
import type { RequestElement } from './element';
import { VimFault } from './fault';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** The deepest request that means anything is a tree of devices and their backings. */
const MAX_DEPTH = 64;
/** As vCenter has it. */
const MAX_ELEMENTS = 500_000;

interface OpenElement extends RequestElement {
  readonly uri: string;
  text: string;
  readonly children: OpenElement[];
}

/**
 * Reads a SOAP envelope and gives what its body calls. A document type is refused, so that there are no entities
 * but XML's own.
 * @throws VimFault InvalidRequest for everything that is not a call of vim25
 */
export function readRequest(body: string): RequestElement {
  const envelope = parse(body);
  if (envelope.name !== 'Envelope' || envelope.uri !== SOAP) throw invalid('The root is no SOAP envelope.');
  const soapBody = envelope.children.find((one) => one.name === 'Body' && one.uri === SOAP);
  const [call, ...more] = soapBody?.children ?? [];
  if (!call || more.length > 0) throw invalid('The body holds not exactly one call.');
  if (!/^urn:(internal)?vim25$/.test(call.uri)) throw invalid(`Unknown namespace ${call.uri}.`);
  return call;
}

function parse(body: string): OpenElement {
  const parser = new SaxesParser<{ xmlns: true }>({ xmlns: true });
  const open: OpenElement[] = [];
  let root: OpenElement | null = null;
  let elements = 0;
  parser.on('error', (error) => {
    throw invalid(`Not well-formed: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw invalid('A document type declaration is not accepted.');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > MAX_ELEMENTS || open.length >= MAX_DEPTH) throw invalid('Too many elements.');
    const element = opened(tag);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (chunk: string): void => {
    const current = open.at(-1);
    if (current) current.text += chunk;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(body).close();
  return root ?? refuseEmpty();
}

function opened(tag: SaxesTagNS): OpenElement {
  const attributes: SaxesAttributeNS[] = Object.values(tag.attributes);
  const xsiType = attributes.find((one) => one.local === 'type' && one.uri === XSI)?.value ?? null;
  return {
    name: tag.local,
    uri: tag.uri,
    xsiType: xsiType === null ? null : withoutPrefix(xsiType.trim()),
    refType: attributes.find((one) => one.local === 'type' && one.uri === '')?.value ?? null,
    text: '',
    children: [],
  };
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function refuseEmpty(): never {
  throw invalid('The request is empty.');
}

function invalid(message: string): VimFault {
  return new VimFault('InvalidRequest', {}, message);
}
