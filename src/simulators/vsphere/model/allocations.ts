import type { Allocation } from './records';

const NORMAL: Pick<Allocation, 'reservation' | 'expandable' | 'limit' | 'level'> = {
  reservation: 0,
  expandable: true,
  limit: -1,
  level: 'normal',
};

/** What vSphere gives a resource pool that asks for nothing. */
export const DEFAULT_SHARES = {
  cpu: { ...NORMAL, shares: 4000 },
  memory: { ...NORMAL, shares: 163_840 },
} as const;
