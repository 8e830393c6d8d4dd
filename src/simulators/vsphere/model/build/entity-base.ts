import type { MoRef } from '../../vim/values';
import type { EntityBase, Id } from '../records';

export function entityBase(ref: MoRef, name: string, parent: Id | null): EntityBase {
  return { ref, name, parent, recentTasks: [], customValues: [] };
}
