import { TransportError } from './errors';

/** @throws TransportError BAD_ANSWER */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    throw new TransportError('BAD_ANSWER', 'The answer is no JSON.', error);
  }
}
