import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  readonly body: string;
  readonly cookie: string | undefined;
  readonly action: string | undefined;
  readonly socket: Socket;
}

export type Handler = (response: ServerResponse, call: Received) => void;

const NAMESPACES =
  'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

export const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope ${NAMESPACES}><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

export const answer = (method: string, inner = ''): string =>
  envelope(`<${method}Response xmlns="urn:vim25">${inner}</${method}Response>`);

export const fault = (type: string, inner = '', words = 'No.'): string =>
  envelope(
    `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${words}</faultstring><detail>` +
      `<${type}Fault xmlns="urn:vim25" xsi:type="${type}">${inner}</${type}Fault></detail></soapenv:Fault>`,
  );

export function send(response: ServerResponse, xml: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }).end(xml);
}

export const sendFault = (response: ServerResponse, type: string, inner = ''): void =>
  send(response, fault(type, inner), 500);

export const CONTENT =
  '<returnval><rootFolder type="Folder">group-d1</rootFolder>' +
  '<propertyCollector type="PropertyCollector">propertyCollector</propertyCollector>' +
  '<viewManager type="ViewManager">ViewManager</viewManager>' +
  '<about><name>vCenter</name><fullName>vCenter 8</fullName><vendor>V</vendor><version>8.0.1</version>' +
  '<build>1</build><apiType>VirtualCenter</apiType><apiVersion>8.0.1.0</apiVersion></about>' +
  '<sessionManager type="SessionManager">SessionManager</sessionManager></returnval>';

const VERSIONS =
  '<?xml version="1.0"?><namespaces version="1.0"><namespace><name>urn:vim25</name><version>8.0.1.0</version>' +
  '<priorVersions><version>7.0</version><version>6.5</version></priorVersions></namespace>' +
  '<namespace><name>urn:vim</name><version>8.0.3.0</version></namespace></namespaces>';

/**
 * Just enough of vim25 to put a client to the test: it logs in whoever asks, forgets sessions when told to, and
 * leaves every other answer to the test's handlers.
 */
export class SoapServer {
  readonly calls: Received[] = [];
  readonly sessions = new Set<string>();
  readonly handlers: Record<string, Handler> = {};
  private count = 0;

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {}

  static async start(handlers: Record<string, Handler>, tls?: ServerOptions): Promise<SoapServer> {
    const listen: RequestListener = (request, response) => void soap.receive(request, response);
    const server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
    const soap = new SoapServer(server, tls === undefined ? 'http' : 'https');
    Object.assign(soap.handlers, handlers);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return soap;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}/sdk`;
  }

  /** How often a method was called. */
  times(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  knows(call: Received): boolean {
    return this.sessions.has(/vmware_soap_session=([^;]*)/.exec(call.cookie ?? '')?.[1] ?? '');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const call: Received = {
      method: request.method === 'GET' ? 'GET' : (/<soapenv:Body><(\w+)/.exec(body)?.[1] ?? ''),
      body,
      cookie: request.headers.cookie,
      action: request.headers.soapaction as string | undefined,
      socket: request.socket,
    };
    this.calls.push(call);
    const handler = this.handlers[call.method] ?? this.builtIn(call.method);
    handler(response, call);
  }

  private builtIn(method: string): Handler {
    switch (method) {
      case 'GET':
        return (response) => send(response, VERSIONS);
      case 'RetrieveServiceContent':
        return (response) => send(response, answer(method, CONTENT));
      case 'Login':
        return (response) => this.logIn(response);
      default:
        return (response, call) =>
          this.knows(call) ? send(response, answer(method)) : sendFault(response, 'NotAuthenticated');
    }
  }

  private logIn(response: ServerResponse): void {
    this.count += 1;
    const key = `session-${this.count}`;
    this.sessions.add(key);
    response.setHeader('set-cookie', `vmware_soap_session=${key}; HttpOnly`);
    const time = '2026-01-01T00:00:00Z';
    const session = `<key>${key}</key><userName>u</userName><loginTime>${time}</loginTime>`;
    send(
      response,
      answer('Login', `<returnval>${session}<lastActiveTime>${time}</lastActiveTime></returnval>`),
    );
  }
}
