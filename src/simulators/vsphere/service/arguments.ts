import { child, refOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import { VimFault } from '../vim/fault';
import type { MoRef } from '../vim/values';

/** Reading arguments. What is missing or cannot be read faults InvalidArgument with the argument's name. */

export function invalidArgument(
  name: string,
  message = `The argument ${name} is missing or not valid.`,
): VimFault {
  return new VimFault('InvalidArgument', { invalidProperty: name }, message);
}

export function requireChild(element: RequestElement, name: string): RequestElement {
  const found = child(element, name);
  if (!found) throw invalidArgument(name);
  return found;
}

export function requireText(element: RequestElement, name: string): string {
  return requireChild(element, name).text;
}

export function requireRef(element: RequestElement, name: string): MoRef {
  const ref = refOf(element, name);
  if (!ref) throw invalidArgument(name);
  return ref;
}

export function requireBoolean(element: RequestElement, name: string): boolean {
  const value = optionalBoolean(element, name);
  if (value === null) throw invalidArgument(name);
  return value;
}

export function optionalBoolean(element: RequestElement, name: string): boolean | null {
  const text = child(element, name)?.text.trim();
  if (text === undefined) return null;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw invalidArgument(name);
}

export function optionalInt(element: RequestElement, name: string): number | null {
  const text = child(element, name)?.text.trim();
  if (text === undefined) return null;
  if (!/^[+-]?\d{1,10}$/.test(text)) throw invalidArgument(name);
  return Number(text);
}
