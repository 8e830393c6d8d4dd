import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { SaxesParser } from 'saxes';

/** An element of an answer; attributes with their prefixes, as they were sent. */
export interface Answer {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Answer[];
  text: string;
}

export interface Raw {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A SOAP fault, by its type. */
export class Fault extends Error {
  constructor(
    readonly type: string,
    readonly detail: Answer,
  ) {
    super(type);
  }
}

/** A client with nothing of its own: what is tested is what the server writes. */
export class SoapClient {
  cookie: string | null = null;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly url: string) {}

  close(): void {
    this.agent.destroy();
  }

  post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Raw> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}/sdk`, {
        method: 'POST',
        agent: this.agent,
        headers: { ...(this.cookie === null ? {} : { Cookie: this.cookie }), ...headers },
      });
      sent.once('error', reject);
      sent.once('response', (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString('latin1');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      });
      sent.end(body);
    });
  }

  /** The children of the response, which are the `returnval`s. Throws `Fault` for a SOAP fault. */
  async call(method: string, self: readonly [string, string], args = ''): Promise<readonly Answer[]> {
    const [type, id] = self;
    const raw = await this.post(
      envelope(`<${method} xmlns="urn:vim25"><_this type="${type}">${id}</_this>${args}</${method}>`),
    );
    const body = parse(raw.text).children[0]!;
    const content = body.children[0]!;
    if (content.name !== 'soapenv:Fault') {
      expect([raw.status, content.name]).toEqual([200, `${method}Response`]);
      return content.children;
    }
    expect(raw.status).toBe(500);
    const detail = child(content, 'detail').children[0]!;
    throw new Fault(detail.attributes['xsi:type'] ?? '', detail);
  }

  async login(username = 'user', password = 'pass'): Promise<Answer> {
    const [type, id] = ['SessionManager', 'SessionManager'];
    const args = `<userName>${username}</userName><password>${password}</password>`;
    const raw = await this.post(
      envelope(`<Login xmlns="urn:vim25"><_this type="${type}">${id}</_this>${args}</Login>`),
    );
    expect(raw.status).toBe(200);
    this.cookie = raw.headers['set-cookie']![0]!.split(';')[0]!;
    return parse(raw.text).children[0]!.children[0]!.children[0]!;
  }
}

export function envelope(body: string): string {
  return (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
    ` xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance"><s:Body>${body}</s:Body></s:Envelope>`
  );
}

export function parse(text: string): Answer {
  const root: Answer = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: Answer = { name, attributes, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (chunk) => {
    open.at(-1)!.text += chunk;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root.children[0]!;
}

export function child(element: Answer, name: string): Answer {
  const found = element.children.find((one) => one.name === name);
  if (!found) throw new Error(`<${element.name}> has no <${name}>`);
  return found;
}

export function childrenOf(element: Answer, name: string): readonly Answer[] {
  return element.children.filter((one) => one.name === name);
}

export function textOf(element: Answer, name: string): string | null {
  return childrenOf(element, name)[0]?.text ?? null;
}
