import { Initial1763856000000 } from './1763856000000-initial';
import { FairTasks1764000200000 } from './1764000200000-fair-tasks';

/** In the order in which they run. */
export const SQLITE_MIGRATIONS = [Initial1763856000000, FairTasks1764000200000];
