/** The answer is no XML, is not what the schema says, or exceeds a limit. */
export class BadAnswerError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'BadAnswerError';
  }
}
