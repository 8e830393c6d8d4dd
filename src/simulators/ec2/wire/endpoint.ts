import { randomUUID } from 'node:crypto';
import type { ReceivedRequest } from '../../network/faulty-endpoint';
import type { Reply } from '../../network/reply';
import { ApiError } from './api-error';
import { authenticate } from './authentication';
import type { Account } from './authentication';
import type { Dispatcher } from './dispatcher';
import { Parameters } from './parameters';
import type { TokenBucket } from './token-bucket';
import { writeAnswer, writeRefusal } from './xml';

export interface QueryEndpointParts {
  readonly account: Account;
  readonly dispatcher: Dispatcher;
  /** Null: as many requests as come. */
  readonly bucket: TokenBucket | null;
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves when what an action changed is kept. */
  whenKept(): Promise<void>;
  /** Told of what is a mistake of the simulator itself. */
  onError(error: unknown): void;
}

/** `POST /` with a form: from a request to its answer, by the query protocol. */
export class QueryEndpoint {
  /** Whose credentials are to be refused once. */
  private readonly forgotten = new WeakSet<ReceivedRequest>();

  constructor(private readonly parts: QueryEndpointParts) {}

  /** The action that a request is for; empty when it names none. */
  static nameOf(request: ReceivedRequest): string {
    return new URLSearchParams(formOf(request)).get('Action') ?? '';
  }

  forgetCaller(request: ReceivedRequest): void {
    this.forgotten.add(request);
  }

  async answer(request: ReceivedRequest): Promise<Reply> {
    const requestId = randomUUID();
    const { dispatcher } = this.parts;
    const name = QueryEndpoint.nameOf(request);
    dispatcher.count(name);
    try {
      this.admit(request, name);
      const result = dispatcher.run(name, Parameters.read(formOf(request)));
      await this.parts.whenKept();
      return reply(200, writeAnswer(name, requestId, result), requestId);
    } catch (error) {
      if (error instanceof ApiError) return refusal(error, requestId);
      this.parts.onError(error);
      return refusal(new ApiError('InternalError', 'An internal error has occurred', 500), requestId);
    }
  }

  private admit(request: ReceivedRequest, name: string): void {
    if (request.method !== 'POST' && request.method !== 'GET') {
      throw new ApiError('InvalidRequest', `The method ${request.method} is not supported.`, 405);
    }
    if (this.forgotten.has(request)) {
      throw new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
    }
    authenticate(request, this.parts.account, this.parts.now());
    if (name === '') throw new ApiError('MissingAction', 'The request must contain the parameter Action');
    if (this.parts.bucket?.take() === false) {
      throw new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    }
  }
}

/** What is signed with a query is a form, too. */
function formOf({ method, url, body }: ReceivedRequest): string {
  return method === 'GET' ? url.split('?').slice(1).join('?') : body;
}

function refusal({ code, message, status }: ApiError, requestId: string): Reply {
  return reply(status, writeRefusal(code, message, requestId), requestId);
}

function reply(status: number, text: string, requestId: string): Reply {
  const headers = {
    'Content-Type': 'text/xml;charset=UTF-8',
    'Cache-Control': 'no-cache, no-store',
    'x-amzn-requestid': requestId,
  };
  return { status, text, headers };
}
