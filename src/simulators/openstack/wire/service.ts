import type { IncomingHttpHeaders } from 'node:http';
import type { ApiResult } from './api-call';
import type { OpenRoute, Route } from './route';

/** One of the APIs behind the address. */
export interface Service {
  /** As clients write it, for example `/compute`. */
  readonly root: string;
  /** Below the root, for example `/v2.1`. */
  readonly version: string;
  /** Below the root, and answered without a token. */
  readonly openRoutes: readonly OpenRoute[];
  /** Below the version. */
  readonly routes: readonly Route[];
  /** The words of this service for what concerns every request. */
  refuse(status: 400 | 404 | 405, path: string): ApiResult;
  /** Where it does not say so as the others do: the body of a refusal without a valid token. */
  readonly unauthenticatedText?: string;
  overLimit(retryAfterSeconds: number): ApiResult;
  /** For Nova alone. @throws ApiError 400 or 406 */
  readonly microversion?: {
    read(headers: IncomingHttpHeaders): number;
    /** Added to every reply. */
    headers(microversion: number): Readonly<Record<string, string>>;
  };
}
