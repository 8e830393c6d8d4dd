import { ApiError } from '../wire/api-error';
import type { Instance, InstanceState, Reason } from '../model/records';
import type { XmlObject } from '../wire/xml';

const CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function stateView(state: InstanceState): XmlObject {
  return { code: stateCode(state), name: state };
}

export function stateCode(state: InstanceState): number {
  return CODES[state];
}

const REASONS: Readonly<Record<string, string>> = {
  'Client.UserInitiatedShutdown': 'User initiated shutdown',
  'Server.InsufficientInstanceCapacity': 'Insufficient capacity to satisfy instance request',
  'Server.InternalError': 'Internal error on launch',
  'Client.InternalError': 'Client error on launch',
  'Client.VolumeLimitExceeded': 'Volume limit exceeded',
};

export function reasonOf(code: string): Reason {
  return { code, message: `${code}: ${REASONS[code] ?? 'The instance was ended'}` };
}

/** As people read it in a console. */
export function byUser(at: number): string {
  return `User initiated (${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}

export function incorrectState({ id }: Instance, verb: string): ApiError {
  return new ApiError(
    'IncorrectInstanceState',
    `The instance '${id}' is not in a state from which it can be ${verb}.`,
  );
}
