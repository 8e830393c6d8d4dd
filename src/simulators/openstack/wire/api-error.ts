import type { ApiResult } from './api-call';

/** A refusal, complete with the body that the service words it in. */
export class ApiError extends Error {
  constructor(readonly result: ApiResult) {
    super(`${result.status} ${JSON.stringify(result.body)}`);
    this.name = 'ApiError';
  }
}
