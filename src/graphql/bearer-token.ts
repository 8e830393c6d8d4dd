import { AppError } from '../kernel';

const MAX_TOKEN_LENGTH = 4096;

function malformed(expected: string): AppError {
  return new AppError('UNAUTHENTICATED', `The token is malformed: ${expected}`);
}

function checked(token: string): string {
  if (token.length > MAX_TOKEN_LENGTH) throw malformed(`it is longer than ${MAX_TOKEN_LENGTH} characters.`);
  return token;
}

/**
 * The token in an `Authorization` header; null when there is none (an empty header counts as none).
 * @throws UNAUTHENTICATED when the header holds anything but `Bearer TOKEN`
 */
export function tokenFromHeader(header: string | undefined): string | null {
  const value = header?.trim() ?? '';
  if (value === '') return null;
  const token = /^bearer\s+(\S.*)$/i.exec(value)?.[1];
  if (token === undefined) throw malformed('the header has to read "Authorization: Bearer TOKEN".');
  return checked(token);
}

/**
 * The token in `connectionParams` under `authorization` (any case), with or without `Bearer` ahead of it.
 * @throws UNAUTHENTICATED when there is none
 */
export function tokenFromParams(params: Readonly<Record<string, unknown>> | undefined): string {
  const entry = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === 'authorization');
  const value = entry?.[1];
  const token = typeof value === 'string' ? value.trim().replace(/^bearer(\s+|$)/i, '') : '';
  if (token === '') throw malformed('connectionParams.authorization has to hold "Bearer TOKEN".');
  return checked(token);
}
