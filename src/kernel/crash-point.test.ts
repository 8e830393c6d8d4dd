import { writeSync } from 'node:fs';
import { armCrashPoints, crashPoint } from './crash-point';

jest.mock('node:fs', () => ({ writeSync: jest.fn() }));

const kill = jest.spyOn(process, 'kill').mockReturnValue(true);

afterEach(() => {
  armCrashPoints([]);
  jest.clearAllMocks();
});

function passAll(...names: string[]): unknown[] {
  names.forEach(crashPoint);
  return kill.mock.calls.map(([, signal]) => signal);
}

describe('crash points', () => {
  test('do nothing unless they are armed', () => {
    expect(passAll('here')).toEqual([]);
    armCrashPoints(['there']);
    expect(passAll('here')).toEqual([]);
    expect(writeSync).not.toHaveBeenCalled();
  });

  test('kill at the first that is passed of those that are armed, and say at which', () => {
    armCrashPoints(['second', 'first']);
    expect(passAll('other', 'first')).toEqual(['SIGKILL']);
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
    expect(writeSync).toHaveBeenCalledWith(2, 'Struck at first.\n');
  });

  test('freeze once: whoever wakes up passes the others, and dies where it is to die', () => {
    armCrashPoints(['stop:first', 'stop:second', 'third']);
    expect(passAll('first')).toEqual(['SIGSTOP']);
    expect(passAll('first', 'second')).toEqual(['SIGSTOP']);
    expect(passAll('third')).toEqual(['SIGSTOP', 'SIGKILL']);
  });
});
