import { ApiError } from '../wire/api-error';

/** @param type Neutron's name of the fault, for example `NetworkInUse` */
export function neutronError(status: number, type: string, message: string): ApiError {
  return new ApiError({ status, body: { NeutronError: { type, message, detail: '' } } });
}

export function badRequest(message: string): ApiError {
  return neutronError(400, 'HTTPBadRequest', message);
}

export function notFound(noun: string, id: string): ApiError {
  const type = `${noun.replaceAll(' ', '')}NotFound`;
  return neutronError(404, type, `${noun} ${id} could not be found.`);
}

export function overQuota(resource: string): ApiError {
  return neutronError(409, 'OverQuota', `Quota exceeded for resources: ['${resource}'].`);
}
