import fc from 'fast-check';
import { AppError } from '../../../kernel';
import { descend, element, parseXml, serializeXml, textElement } from './index';

/** What tenants type, and what attackers do. */
const NASTY = [
  'a]]>b',
  '<!--',
  '&amp;',
  '&#0;',
  '"\'',
  'line\r\nbreak',
  '\ttab',
  '\u202Eevil\u202C',
  '😀',
  '<?x?>',
  ' a ',
];

const xmlText = fc
  .string({ unit: 'binary' })
  // eslint-disable-next-line no-control-regex
  .filter((text) => !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u.test(text));

describe('serializeXml and parseXml', () => {
  it.each(NASTY)('carry %j in text and in attributes', (value) => {
    const xml = serializeXml(element('a', { v: value }, [textElement('b', value)]));
    const parsed = parseXml(xml);
    expect(parsed.attributes['v']).toBe(value);
    expect(descend(parsed, 'b')?.text).toBe(value);
  });

  it('carry any text that XML can hold, and never let it become markup', () => {
    fc.assert(
      fc.property(xmlText, xmlText, (attribute, text) => {
        const parsed = parseXml(serializeXml(element('a', { v: attribute }, [textElement('b', text)])));
        expect(parsed.attributes).toEqual({ v: attribute });
        expect(parsed.children).toHaveLength(1);
        expect(parsed.children[0]?.text).toBe(text);
      }),
    );
  });

  it.each(['nul\0', 'bell\u0007', 'escape\u001B', 'lone \uD800 surrogate', '\uFFFE'])(
    'refuse %j',
    (value) => {
      expect(() => serializeXml(textElement('a', value))).toThrow(AppError);
      expect(() => serializeXml(element('a', { v: value }))).toThrow(/control character/);
    },
  );

  it('refuse a name that would be markup', () => {
    expect(() => serializeXml(element('a b'))).toThrow(TypeError);
    expect(() => serializeXml(element('a', { 'x="1" y': 1 }))).toThrow(TypeError);
  });

  it('leave out what is undefined', () => {
    expect(serializeXml(element('a', { x: undefined, y: 0 }, [undefined]))).toBe('<a y="0"/>');
  });
});

describe('parseXml', () => {
  it('refuses a document type declaration, and with it every entity of its own', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&c;</a>';
    expect(() => parseXml(bomb)).toThrow(/document type/);
    expect(() => parseXml('<a>&b;</a>')).toThrow();
  });

  it.each(['', '<a>', '<a></b>', '<a/><b/>', 'text', '<a b=c/>'])('refuses %j', (text) => {
    expect(() => parseXml(text)).toThrow();
  });

  it('refuses endless nesting', () => {
    expect(() => parseXml('<a>'.repeat(10_000))).toThrow(/deep/);
  });

  it('drops indentation and keeps the blanks of a value', () => {
    const parsed = parseXml('<a>\n  <b>  two  </b>\n  <c><![CDATA[<x>]]></c>\n</a>');
    expect(parsed.text).toBe('');
    expect(parsed.children.map((one) => one.text)).toEqual(['  two  ', '<x>']);
  });
});
