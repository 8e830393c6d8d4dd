import { SaxesParser } from 'saxes';
import { BadAnswerError } from './bad-answer';

export interface XmlSink {
  /**
   * @param xsiType the `xsi:type` without its prefix, null where there is none; servers choose the prefixes of both
   *   the attribute and its value
   * @param type the attribute `type`, empty where there is none
   */
  open(name: string, xsiType: string | null, type: string): void;
  text(text: string): void;
  close(): void;
}

/** Characters of one answer: 10,000 VMs with seven properties each are 11 million. */
const MAX_ANSWER = 256 * 1024 * 1024;
/** Elements of one answer: 10,000 VMs with seven properties each are a quarter of a million. */
const MAX_ELEMENTS = 5_000_000;
/** Characters of one text or tag: the parser keeps what it has of it. */
const MAX_TOKEN = 16 * 1024 * 1024;

/** Parses bytes as they arrive. There are no DTDs: a document type is refused, and so is every entity of its own. */
export class XmlReader {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private read = 0;
  private elements = 0;
  private sinceEvent = 0;
  private xsiType: string | null = null;
  private type = '';

  constructor(sink: XmlSink) {
    // Seven handlers, and no more: with eight, V8 makes a dictionary of the parser, which is five times slower then.
    // The two that matter are caught as they pass: looking for them among the tag's costs more than all the rest.
    this.parser.on('attribute', ({ name, value }) => {
      if (name === 'type') this.type = value;
      else if (name.endsWith(':type')) this.xsiType = withoutPrefix(value);
    });
    this.parser.on('opentag', ({ name }) => {
      this.sinceEvent = 0;
      this.elements += 1;
      if (this.elements > MAX_ELEMENTS) throw new BadAnswerError('The answer has too many elements.');
      const { xsiType, type } = this;
      this.xsiType = null;
      this.type = '';
      sink.open(name, xsiType, type);
    });
    this.parser.on('closetag', () => {
      this.sinceEvent = 0;
      sink.close();
    });
    const text = (characters: string): void => sink.text(characters);
    this.parser.on('text', text);
    this.parser.on('cdata', text);
    this.parser.on('doctype', () => {
      throw new BadAnswerError('The answer has a document type, which is refused.');
    });
    this.parser.on('error', (error) => {
      throw new BadAnswerError('The answer is not well-formed XML.', error);
    });
  }

  /** @throws BadAnswerError */
  write(bytes: Uint8Array): void {
    this.feed(this.decode(bytes));
  }

  /** @throws BadAnswerError where the document is not at its end */
  end(): void {
    this.feed(this.decode());
    this.parser.close();
  }

  private decode(bytes?: Uint8Array): string {
    try {
      return bytes === undefined ? this.utf8.decode() : this.utf8.decode(bytes, { stream: true });
    } catch (error) {
      throw new BadAnswerError('The answer is not UTF-8.', error);
    }
  }

  private feed(characters: string): void {
    this.read += characters.length;
    this.sinceEvent += characters.length;
    this.parser.write(characters);
    if (this.read > MAX_ANSWER) throw new BadAnswerError('The answer is too long.');
    if (this.sinceEvent > MAX_TOKEN) throw new BadAnswerError('The answer has a text that is too long.');
  }
}

export function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
