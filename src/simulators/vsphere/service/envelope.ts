import type { VimFault } from '../vim/fault';
import { escaped } from '../../network/xml-text';
import type { HiddenFields } from '../vim/newer-fields';
import { writeFields, writeValue } from '../vim/write-value';
import type { VimValue } from '../vim/values';

const START =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n' +
  '<soapenv:Body>\n';
const END = '\n</soapenv:Body>\n</soapenv:Envelope>';

/** `Fetch` answers any property, so that its value has to say what it is. */
const ANY_RESULT: ReadonlySet<string> = new Set(['Fetch']);

/** The reply of a method that did what it was asked. */
export function writeReply(
  method: string,
  result: VimValue | readonly VimValue[] | undefined,
  hidden: HiddenFields | null,
): string {
  const any = ANY_RESULT.has(method);
  let written = '';
  for (const value of asList(result)) written += writeValue('returnval', value, any, hidden);
  return `${START}<${method}Response xmlns="urn:vim25">${written}</${method}Response>${END}`;
}

function asList(result: VimValue | readonly VimValue[] | undefined): readonly VimValue[] {
  if (result === undefined) return [];
  return Array.isArray(result) ? (result as readonly VimValue[]) : [result as VimValue];
}

/** A SOAP fault; goes out with the HTTP status 500. */
export function writeFault(error: VimFault): string {
  const type = error.fault.$type;
  const detail =
    `<${type}Fault xmlns="urn:vim25" xsi:type="${type}">` + `${writeFields(error.fault)}</${type}Fault>`;
  return (
    `${START}<soapenv:Fault><faultcode>ServerFaultCode</faultcode>` +
    `<faultstring>${escaped(error.message)}</faultstring><detail>${detail}</detail></soapenv:Fault>${END}`
  );
}
