import { Initial1763856000000 } from './1763856000000-initial';
import { Quota1764000000000 } from './1764000000000-quota';

/** In the order in which they run. */
export const MYSQL_MIGRATIONS = [Initial1763856000000, Quota1764000000000];
