import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ApiAnswer, ApiError, Data, Variables } from './api-answer';
import { EventSource } from './event-source';
import type { SocketEnd } from './event-source';

/** One caller of a gateway, who keeps everything that it was ever sent. */
export class ApiClient {
  /** Every body and every frame, as text. */
  readonly received: string[] = [];

  constructor(
    readonly url: string,
    /** Null asks without a token. */
    readonly token: string | null,
  ) {}

  as(token: string | null): ApiClient {
    return new ApiClient(this.url, token);
  }

  /** Sends a body as it is. */
  async post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token !== null && { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      body,
    });
    const text = await response.text();
    this.received.push(text);
    const { data = null, errors = [] } = JSON.parse(text) as { data?: Data; errors?: ApiError[] };
    return { status: response.status, text, data, errors };
  }

  ask(query: string, variables: Variables = {}): Promise<ApiAnswer> {
    return this.post(JSON.stringify({ query, variables }));
  }

  /** The data of a request that is expected to succeed. */
  async data(query: string, variables: Variables = {}): Promise<Data> {
    const { data, errors } = await this.ask(query, variables);
    expect(errors).toEqual([]);
    return data;
  }

  /** The one error of a request that is expected to be refused. */
  async refusal(query: string, variables: Variables = {}): Promise<ApiError> {
    const { errors, text } = await this.ask(query, variables);
    if (errors.length !== 1) throw new Error(`One error was expected: ${text}`);
    return errors[0]!;
  }

  /** What one mutation that takes an `input` answers. */
  async mutate(mutation: string, input: object, selection: string): Promise<Data> {
    return (await this.data(mutationText(mutation, selection), { input }))[mutation];
  }

  /** The error with which one mutation is refused. */
  mutateRefused(mutation: string, input: object): Promise<ApiError> {
    return this.refusal(mutationText(mutation, '__typename'), { input });
  }

  /** One subscription over a WebSocket of its own. */
  events(query: string, variables: Variables = {}): EventSource {
    const client = this.socket();
    return new EventSource(client, client.iterate<Data>({ query, variables }));
  }

  /** A WebSocket that is opened with the first operation and never comes back by itself. */
  socket(onClosed: (end: SocketEnd) => void = () => undefined): Client {
    return createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: this.token === null ? {} : { authorization: `Bearer ${this.token}` },
      retryAttempts: 0,
      on: {
        closed: (event) => {
          onClosed(event as SocketEnd);
        },
        message: (message) => this.received.push(JSON.stringify(message)),
      },
    });
  }
}

export function mutationText(mutation: string, selection: string): string {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`;
}
