import { ApiError } from '../wire/api-error';

const FAULTS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  429: 'overLimit',
};

export function novaError(code: number, message: string): ApiError {
  return new ApiError({ status: code, body: { [FAULTS[code] ?? 'computeFault']: { code, message } } });
}

export function badRequest(message: string): ApiError {
  return novaError(400, message);
}

export function serverNotFound(id: string): ApiError {
  return novaError(404, `Instance ${id} could not be found.`);
}

/** @param action Nova's name for it, for example `start` */
export function wrongState(action: string, id: string, attribute: string, state: string): ApiError {
  return novaError(409, `Cannot '${action}' instance ${id} while it is in ${attribute} ${state}`);
}
