import { Initial1763856000000 } from './1763856000000-initial';
import { Duties1764000300000 } from './1764000300000-duties';

/** In the order in which they run. */
export const SQLITE_MIGRATIONS = [Initial1763856000000, Duties1764000300000];
