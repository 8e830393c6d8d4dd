import { abortable } from '../../../../kernel';
import { serviceError } from '../error-body';
import { TransportError, UnsuitableCloudError } from '../errors';
import type { OpenStackError } from '../errors';
import { exchange } from '../http/exchange';
import type { HttpAnswer } from '../http/exchange';
import type { HttpTransport } from '../http/transport';
import type { Credentials, RequestLane } from '../options';
import { parseJson } from '../json';
import { Catalog } from './catalog';
import type { EndpointChoice } from './catalog';
import { signIn } from './requests';
import { tokenAnswer } from './results';
import { tokensUrl } from './urls';

/** Clouds lock an account after some wrong passwords: each refusal in a row is believed for twice as long. */
const REFUSAL_HOLDS_MS = { first: 10_000, most: 600_000 };
/** A token is renewed so long before its end, or a tenth of its life where that is less. */
const RENEWED_BEFORE_MS = 120_000;

/** What was got by signing in. */
export interface Token {
  /** Secret: never logged. */
  readonly value: string;
  readonly projectId: string;
  readonly endpoints: Catalog;
}

export interface SessionOptions extends EndpointChoice {
  readonly authUrl: string;
  readonly credentials: Credentials;
  readonly transport: HttpTransport;
  readonly requests: RequestLane;
}

interface Refusal {
  readonly error: OpenStackError;
  readonly until: number;
  readonly holdsMs: number;
}

/** Signs in when somebody first needs it, once for all who wait, and again before the token ends or after it was lost. */
export class Session {
  private signingIn: Promise<Token> | null = null;
  private current: { readonly token: Token; readonly renewAt: number } | null = null;
  private refusal: Refusal | null = null;

  constructor(private readonly options: SessionOptions) {}

  /**
   * @throws OpenStackError with the status 401, at once for a while after the cloud said so; TransportError;
   *   UnsuitableCloudError; or the signal's reason, with which only this caller stops waiting
   */
  async get(signal: AbortSignal): Promise<Token> {
    signal.throwIfAborted();
    this.options.transport.closed.throwIfAborted();
    if (this.current !== null && performance.now() < this.current.renewAt) return this.current.token;
    this.signingIn ??= this.begin();
    return await abortable(this.signingIn, signal);
  }

  /** A service does not accept this token any more. A newer one is left alone. */
  lost(token: Token): void {
    if (this.current?.token === token) this.current = null;
  }

  /**
   * A service did not accept a token that was fresh: signing in yet again would not help. Of many requests with the same
   * token the first one tells.
   */
  refused(token: Token, error: OpenStackError): void {
    if (this.current?.token !== token) return;
    this.lost(token);
    this.hold(error);
  }

  /** A service accepted a token: what was refused before is over. */
  accepted(): void {
    this.refusal = null;
  }

  private begin(): Promise<Token> {
    const signingIn = this.signIn().finally(() => (this.signingIn = null));
    // Whoever asked may have given up; nobody is to hear of it then.
    signingIn.catch(() => undefined);
    return signingIn;
  }

  private async signIn(): Promise<Token> {
    if (this.refusal !== null && performance.now() < this.refusal.until) throw this.refusal.error;
    const answer = await this.send();
    if (answer.status === 401) this.hold(this.failure(answer));
    if (answer.status !== 201) throw this.failure(answer);
    const { token, lifeMs } = readToken(answer, this.options);
    const renewedBefore = Math.min(RENEWED_BEFORE_MS, lifeMs / 10);
    this.current = { token, renewAt: performance.now() + lifeMs - renewedBefore };
    return token;
  }

  private send(): Promise<HttpAnswer> {
    const { requests, transport, authUrl, credentials } = this.options;
    const url = tokensUrl(authUrl);
    const body = JSON.stringify(signIn(credentials));
    return requests.run(transport.closed, async () => {
      const answer = await exchange(transport, { method: 'POST', url, headers: {}, body }, transport.closed);
      const failure = answer.status < 400 ? null : this.failure(answer);
      if (failure?.throttled === true) throw failure;
      return answer;
    });
  }

  private failure(answer: HttpAnswer): OpenStackError {
    const { credentials } = this.options;
    const secret = credentials.method === 'password' ? credentials.password : credentials.secret;
    return serviceError('identity', 'POST /auth/tokens', answer, [secret]);
  }

  private hold(error: OpenStackError): void {
    const { first, most } = REFUSAL_HOLDS_MS;
    const holdsMs = this.refusal === null ? first : Math.min(this.refusal.holdsMs * 2, most);
    this.refusal = { error, until: performance.now() + holdsMs, holdsMs };
  }
}

function readToken(answer: HttpAnswer, choice: EndpointChoice): { token: Token; lifeMs: number } {
  const value = answer.headers.get('x-subject-token');
  const parsed = tokenAnswer.safeParse(parseJson(answer.body));
  if (value === null || !parsed.success)
    throw new TransportError('BAD_ANSWER', 'Keystone gave no token that can be understood.', parsed.error);
  const { issued_at, expires_at, project, catalog } = parsed.data.token;
  if (project === undefined) throw new UnsuitableCloudError('The credentials are for no project.');
  // By the server's own clock, which need not be ours.
  const lifeMs = Date.parse(expires_at) - Date.parse(issued_at);
  if (!(lifeMs > 0)) throw new TransportError('BAD_ANSWER', 'The token of Keystone has no time to live.');
  return { token: { value, projectId: project.id, endpoints: new Catalog(catalog, choice) }, lifeMs };
}
