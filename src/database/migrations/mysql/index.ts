import { Initial1763856000000 } from './1763856000000-initial';
import { Quota1764000000000 } from './1764000000000-quota';
import { FairTasks1764000200000 } from './1764000200000-fair-tasks';
import { Duties1764000300000 } from './1764000300000-duties';
import { Reconciliation1764000400000 } from './1764000400000-reconciliation';

/** In the order in which they run. */
export const MYSQL_MIGRATIONS = [
  Initial1763856000000,
  Quota1764000000000,
  FairTasks1764000200000,
  Duties1764000300000,
  Reconciliation1764000400000,
];
