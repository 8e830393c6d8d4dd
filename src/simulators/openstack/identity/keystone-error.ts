import { ApiError } from '../wire/api-error';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
};

export function keystoneError(code: number, message: string): ApiError {
  const title = TITLES[code] ?? 'Error';
  return new ApiError({ status: code, body: { error: { code, message, title } } });
}

export function unauthorized(): ApiError {
  return keystoneError(401, 'The request you have made requires authentication.');
}

export function notFound(noun: string, id: string): ApiError {
  return keystoneError(404, `Could not find ${noun}: ${id}.`);
}
