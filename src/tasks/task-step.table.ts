import { EntitySchema } from 'typeorm';
import { idColumn, intColumn, jsonColumn, momentColumn, textColumn } from '../database';
import type { StepStatus } from './task';

export interface TaskStepRow {
  taskId: string;
  position: number;
  name: string;
  status: StepStatus;
  startedAt: number | null;
  endedAt: number | null;
  message: string | null;
  /** How often `do` was begun in the current phase. */
  attempts: number;
  /** What the step handed on to later steps; written once, when it succeeds. */
  output: unknown;
  /** What the step must not forget within itself, such as the backend's handle of accepted work. */
  checkpoint: unknown;
}

export const taskStepTable = new EntitySchema<TaskStepRow>({
  name: 'TaskStep',
  tableName: 'task_step',
  columns: {
    taskId: idColumn('task_id', { primary: true }),
    position: intColumn('position', { primary: true }),
    name: textColumn('name', 64),
    status: textColumn('status', 16),
    startedAt: momentColumn('started_at', { nullable: true }),
    endedAt: momentColumn('ended_at', { nullable: true }),
    message: textColumn('message', 500, { nullable: true }),
    attempts: intColumn('attempts'),
    output: jsonColumn('output', { nullable: true }),
    checkpoint: jsonColumn('checkpoint', { nullable: true }),
  },
});
