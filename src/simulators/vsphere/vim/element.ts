import type { MoRef } from './values';

/** What a request's XML says, read without a schema. Names are without their prefix. */
export interface RequestElement {
  readonly name: string;
  /** The value of `xsi:type` without its prefix; null where there is none. */
  readonly xsiType: string | null;
  /** The attribute `type` that a managed object reference carries. */
  readonly refType: string | null;
  /** The text directly inside, untrimmed. */
  readonly text: string;
  readonly children: readonly RequestElement[];
}

export function child(element: RequestElement, name: string): RequestElement | null {
  return element.children.find((one) => one.name === name) ?? null;
}

export function childrenOf(element: RequestElement, name: string): readonly RequestElement[] {
  return element.children.filter((one) => one.name === name);
}

export function textOf(element: RequestElement, name: string): string | null {
  return child(element, name)?.text ?? null;
}

export function refOf(element: RequestElement, name: string): MoRef | null {
  const found = child(element, name);
  return found?.refType == null ? null : { $ref: found.refType, value: found.text.trim() };
}
