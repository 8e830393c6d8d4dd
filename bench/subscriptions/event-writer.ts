import type { EventDraft } from '../../src/events';
import { newId } from '../../src/kernel';
import type { TaskSnapshot } from '../../src/tasks/task-snapshot';

/** Makes events of one running task, numbered and dated in its message so that a reader can check and time them. */
export class EventWriter {
  private readonly taskId = newId('task');
  private readonly vmId = newId('vm');
  private written = 0;

  next(): EventDraft {
    this.written += 1;
    const at = Date.now();
    return {
      topic: 'TASK',
      subjectId: this.taskId,
      sequence: this.written,
      tenantId: null,
      kind: 'PROGRESS',
      at,
      payload: this.snapshot(`${this.written} ${performance.timeOrigin + performance.now()}`, at),
    };
  }

  private snapshot(message: string, at: number): TaskSnapshot {
    return {
      id: this.taskId,
      tenantId: null,
      operation: 'CREATE_VM',
      targetId: this.vmId,
      lane: this.vmId,
      actor: 'administrator',
      status: 'RUNNING',
      phase: 'DO',
      progress: this.written % 100,
      message,
      attempts: 1,
      cancellableWhileRunning: true,
      cancelRequestedAt: null,
      createdAt: at,
      startedAt: at,
      endedAt: null,
      deadlineAt: at + 3_600_000,
      error: null,
      steps: [],
      backendId: null,
      retryOf: null,
    };
  }
}
