import { EncodingError } from './encoding-error';

/** What XML 1.0 cannot carry, not even as a reference: most control characters, and halves of a surrogate pair. */
const UNSPEAKABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const SPECIAL = /[&<>"\t\n\r]/g;
/** White space is written as references, because a reader would turn that of attributes, and each CR, to another. */
const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/**
 * A text as it stands within an element or an attribute in double quotes.
 * @throws EncodingError where XML cannot carry it
 */
export function escapeXml(text: string): string {
  const found = UNSPEAKABLE.exec(text);
  if (found !== null) {
    const code = found[0].codePointAt(0) ?? 0;
    throw new EncodingError(`XML cannot carry the character U+${code.toString(16).padStart(4, '0')}.`);
  }
  return text.replace(SPECIAL, (character) => ESCAPED[character] ?? character);
}
