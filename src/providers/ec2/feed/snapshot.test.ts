import type { InventoryInstance } from '../instances';
import { compare } from './snapshot';

const marker = { installationId: 'i', tenantId: 't', objectId: 'o', operationId: 'p' };

function instance(
  id: string,
  state: 'running' | 'stopped' | 'shutting-down',
  observedAt = 1,
): InventoryInstance {
  const facts = { InstanceId: id, State: { Name: state }, Tags: [{ Key: 'Name', Value: 'web' }] };
  return { id, instance: facts, marker, cpuCount: 2, memoryMib: 512, diskGib: 8, observedAt };
}

const seen = (...listing: InventoryInstance[]) => compare(new Map(), listing).snapshot;

describe('what has changed between two listings', () => {
  it('tells of what is new and of what is different, and not of what is only younger', () => {
    const { events } = compare(seen(instance('a', 'running'), instance('b', 'running')), [
      instance('a', 'running', 2),
      instance('b', 'stopped'),
      instance('c', 'running'),
    ]);
    expect(events).toMatchObject([
      { type: 'VM_CHANGED', vm: { externalId: 'b', powerState: 'POWERED_OFF' } },
      { type: 'VM_CHANGED', vm: { externalId: 'c' } },
    ]);
  });

  it('believes that one is gone when EC2 says so', () => {
    const { events } = compare(seen(instance('a', 'running')), [instance('a', 'shutting-down')]);
    expect(events).toEqual([{ type: 'VM_GONE', externalId: 'a' }]);
  });

  it('believes that one is gone when it is missing twice', () => {
    const once = compare(seen(instance('a', 'running')), []);
    expect(once.events).toEqual([]);
    const twice = compare(once.snapshot, []);
    expect(twice.events).toEqual([{ type: 'VM_GONE', externalId: 'a' }]);
    expect(compare(twice.snapshot, []).events).toEqual([]);
    expect(compare(once.snapshot, [instance('a', 'running')]).events).toEqual([]);
  });

  it('says nothing of what it never showed, and of what is not ours', () => {
    const foreign = { ...instance('x', 'running'), marker: null };
    expect(compare(new Map(), [instance('a', 'shutting-down'), foreign]).events).toEqual([]);
  });
});
