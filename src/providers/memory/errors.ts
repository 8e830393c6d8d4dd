import { AppError } from '../../kernel';
import type { ErrorCode } from '../../kernel';

/** The model's own errors, named as a hypervisor names them; this file alone knows what they are to the contract. */
export const FAULT_KINDS = {
  NoSuchVm: 'NOT_FOUND',
  NoSuchNetwork: 'NOT_FOUND',
  NoSuchImage: 'INVALID_ARGUMENT',
  NoSuchNetworkForCard: 'INVALID_ARGUMENT',
  DiskTooSmall: 'INVALID_ARGUMENT',
  BadPageToken: 'INVALID_ARGUMENT',
  PrefixInUse: 'ALREADY_EXISTS',
  NetworkInUse: 'FAILED_PRECONDITION',
  WrongState: 'FAILED_PRECONDITION',
  Busy: 'FAILED_PRECONDITION',
  NoCapacity: 'RESOURCE_EXHAUSTED',
  NoAddressLeft: 'RESOURCE_EXHAUSTED',
  GuestDoesNotAnswer: 'DEADLINE_EXCEEDED',
  HostDown: 'UNAVAILABLE',
  OperationDropped: 'UNAVAILABLE',
  StateUnreadable: 'UNAVAILABLE',
} as const satisfies Readonly<Record<string, ErrorCode>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export class HypervisorFault extends Error {
  constructor(
    readonly kind: FaultKind,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'HypervisorFault';
  }
}

/** What the model threw, as the contract has it; what is neither stays as it is for the guard to mask. */
export function translateFault(error: unknown): unknown {
  if (!(error instanceof HypervisorFault)) return error;
  const code = FAULT_KINDS[error.kind];
  // A VM that is busy with something else will be free again, unlike one that is in the wrong state.
  return error.kind === 'Busy'
    ? new AppError(code, error.message, { cause: error, retryable: true })
    : new AppError(code, error.message, { cause: error });
}
