import { isActive, powerStateOf } from './map-power-state';

it.each([
  ['running', 1, 1, false, 'POWERED_ON'],
  ['blocked', 2, 0, false, 'POWERED_ON'],
  ['paused by a person', 3, 1, false, 'SUSPENDED'],
  ['paused by a full disk', 3, 5, false, 'SUSPENDED'],
  ['paused while it starts', 3, 11, false, 'POWERED_ON'],
  ['paused while it is saved', 3, 3, false, 'POWERED_ON'],
  ['paused because the guest panicked', 3, 10, false, 'CRASHED'],
  ['shutting down', 4, 0, false, 'POWERED_ON'],
  ['shut off', 5, 1, false, 'POWERED_OFF'],
  ['shut off with saved memory', 5, 5, true, 'SUSPENDED'],
  ['shut off after its process died', 5, 3, false, 'POWERED_OFF'],
  ['crashed', 6, 0, false, 'CRASHED'],
  ['no state', 0, 0, false, 'UNKNOWN'],
  ['a state of a later libvirt', 99, 0, false, 'UNKNOWN'],
] as const)('%s', (_, state, reason, saved, expected) => {
  expect(powerStateOf({ state, reason }, saved)).toBe(expected);
});

it('an active domain holds memory', () => {
  expect([1, 3, 4, 5, 6].filter((state) => isActive({ state, reason: 0 }))).toEqual([1, 3, 4]);
});
