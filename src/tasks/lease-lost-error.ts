/** Somebody else holds the task now, or may: this worker must not touch anything any more. */
export class LeaseLostError extends Error {
  constructor(taskId: string) {
    super(`The lease of task ${taskId} is lost.`);
    this.name = 'LeaseLostError';
  }
}
