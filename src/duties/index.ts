export { Duties } from './duties';
export type { DutiesOptions, DutyWork } from './duties';
export { dutyTable } from './duty.table';
