/** One XML element. Text is kept joined: no document of libvirt mixes text and elements in one parent. */
export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

/** An element with children; an attribute or a child that is undefined is left out. */
export function element(
  name: string,
  attributes: XmlAttributes = {},
  children: readonly (XmlElement | undefined)[] = [],
): XmlElement {
  return {
    name,
    attributes: presentAttributes(attributes),
    children: children.filter((child) => child !== undefined),
    text: '',
  };
}

/** An element that holds nothing but text. */
export function textElement(name: string, text: string | number, attributes: XmlAttributes = {}): XmlElement {
  return { name, attributes: presentAttributes(attributes), children: [], text: String(text) };
}

function presentAttributes(attributes: XmlAttributes): Record<string, string> {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) present[name] = String(value);
  }
  return present;
}

/** The first child with this name. */
export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((candidate) => candidate.name === name);
}

export function childrenOf(parent: XmlElement | undefined, name: string): readonly XmlElement[] {
  return parent?.children.filter((candidate) => candidate.name === name) ?? [];
}

/** Follows the first child of each name in turn. */
export function descend(root: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((found, name) => child(found, name), root);
}
