import { AppError } from '../../kernel';

/** To a caller of the API these two would say something of its own token: it is the gateway's that was refused. */
export function forCallers(error: AppError): AppError {
  if (error.code !== 'UNAUTHENTICATED' && error.code !== 'PERMISSION_DENIED') return error;
  return new AppError('FAILED_PRECONDITION', error.message, {
    details: { reason: 'BACKEND_REFUSES_GATEWAY' },
    cause: error,
  });
}
