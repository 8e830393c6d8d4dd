const MARKUP = /[&<>"\r]/g;
const NEEDS_CARE = /[&<>"\r]|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** What XML 1.0 cannot carry even escaped (its production `Char`), lone surrogates among them. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would make a line feed of it.
  '\r': '&#13;',
};

/** Text, or the value of an attribute. What XML cannot carry is dropped: one strange name or tag must not break a whole list. */
export function escaped(text: string): string {
  if (!NEEDS_CARE.test(text)) return text;
  return text.replace(FORBIDDEN, '').replace(MARKUP, (character) => ESCAPES[character] ?? character);
}
