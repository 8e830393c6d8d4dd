import { backendLimits, shareOfWorker } from './backend-limits';
import { BackendCircuits } from '../backends/backend-circuits';

test.each([
  [1, 4, 1],
  [2, 4, 1],
  [3, 2, 2],
  [8, 4, 6],
  [8, 1, 8],
])('of %d places beside %d backends one may take %d', (concurrency, backends, most) => {
  expect(shareOfWorker(concurrency, backends)).toBe(most);
});

describe('limits', () => {
  const circuits = new BackendCircuits();
  const entry = { kind: 'memory', location: 'INTERNAL', settings: {} } as const;
  const config = {
    tasks: {
      concurrency: 8,
      perBackend: 16,
      leaseMs: 1,
      heartbeatMs: 1,
      pollMs: 1,
      maxCrashes: 1,
      retentionDays: 1,
    },
    backends: [
      { ...entry, name: 'lab' },
      { ...entry, name: 'small', maxTasks: 2 },
    ],
  };
  const get = (id: string) => ({ ...entry, id, name: id });
  const limitOf = backendLimits(config, { get, circuits });

  test('are the backend’s own or those of all', () => {
    expect(limitOf('lab')).toEqual({ everywhere: 16, here: 6, isHeldBack: false });
    expect(limitOf('small')).toEqual({ everywhere: 2, here: 6, isHeldBack: false });
  });

  test('follow the circuit: nothing while it is open, one for the trial, all when it is closed', () => {
    circuits.opened('lab', 60_000);
    expect(limitOf('lab')).toMatchObject({ isHeldBack: true });
    expect(limitOf('small')).toMatchObject({ isHeldBack: false, here: 6 });
    circuits.opened('lab', 0);
    expect(limitOf('lab')).toMatchObject({ isHeldBack: false, here: 1 });
    circuits.closed('lab');
    expect(limitOf('lab')).toMatchObject({ isHeldBack: false, here: 6 });
  });
});
