import { Initial1763856000000 } from './1763856000000-initial';

/** In the order in which they run. */
export const SQLITE_MIGRATIONS = [Initial1763856000000];
