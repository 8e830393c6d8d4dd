/** What a client is told instead of an answer; codes are those of the EC2 API's list of errors. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** HTTP. */
    readonly status = 400,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export function missingParameter(name: string): ApiError {
  return new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
}

/** @param why a sentence that goes behind the value */
export function invalidValue(name: string, value: string | number, why = ''): ApiError {
  const reason = why === '' ? '' : `. ${why}`;
  return new ApiError('InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid${reason}`);
}

export function invalidCombination(message: string): ApiError {
  return new ApiError('InvalidParameterCombination', message);
}

export function dependencyViolation(message: string): ApiError {
  return new ApiError('DependencyViolation', message);
}
