export { AppError, ERROR_CODES, invalidArgument, notFound, toAppError } from './app-error';
export type { AppErrorOptions, ErrorCode, ErrorDetails } from './app-error';
export { armCrashPoint, crashPoint } from './crash-point';
export { ID_PREFIXES, newId, nounOfId } from './ids';
export type { IdNoun } from './ids';
export { silentLogger } from './logger';
export type { Logger } from './logger';
export { ROLES, TenantScope } from './tenant-scope';
export type { Role } from './tenant-scope';
