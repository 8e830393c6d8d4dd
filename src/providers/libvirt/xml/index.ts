export { child, childrenOf, descend, element, textElement } from './element';
export type { XmlElement } from './element';
export { parseXml } from './parse';
export { serializeXml } from './serialize';
