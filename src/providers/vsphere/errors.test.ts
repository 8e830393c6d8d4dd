import { VimFault } from './client';
import { translateFault } from './errors';

function translated(type: string): object {
  const { code, retryable } = translateFault(new VimFault('CloneVM_Task', { fault: { $type: type } }));
  return { code, retryable };
}

describe('a fault of vSphere', () => {
  it('is final where the state has to change first', () => {
    expect(translated('InvalidPowerState')).toEqual({ code: 'FAILED_PRECONDITION', retryable: false });
    expect(translated('InsufficientCpuResourcesFault')).toEqual({
      code: 'RESOURCE_EXHAUSTED',
      retryable: false,
    });
  });

  it('is worth another try where another change was in the way', () => {
    expect(translated('ConcurrentAccess')).toEqual({ code: 'UNAVAILABLE', retryable: true });
  });

  it('is worth another try where the server itself failed over its work', () => {
    expect(translated('SystemError')).toEqual({ code: 'INTERNAL', retryable: true });
  });

  it('is final where nobody knows what it means', () => {
    expect(translated('HouseOnFire')).toEqual({ code: 'INTERNAL', retryable: false });
  });
});
