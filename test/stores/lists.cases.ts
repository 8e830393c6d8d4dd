import fc from 'fast-check';
import type { Database, IdPage } from '../../src/database';
import { EventFeed } from '../../src/events';
import { newId, silentLogger, TenantScope } from '../../src/kernel';
import { NetworkStore } from '../../src/networks';
import { TaskStore } from '../../src/tasks';
import type { ApiToken } from '../../src/tenants/api-token';
import { ApiTokenStore, TenantStore } from '../../src/tenants';
import { VmStore } from '../../src/vms';
import { VM_LIFECYCLES, VM_STATUSES, vmStatus } from '../../src/vms/vm';
import type { Label, Vm } from '../../src/vms/vm';
import type { VmPage, VmQuery } from '../../src/vms/vm.store';
import { openEmpty } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

const TENANTS = ['ten_1', 'ten_2'];
const NAMES = ['alpha', 'Alpha', 'beta', 'beta-2', 'béta'];
const NETWORKS = ['net_1', 'net_2'];
const LABELS: Label[] = [
  { name: 'env', value: 'prod' },
  { name: 'env', value: 'test' },
  { name: 'tier', value: '' },
];
const POWER_STATES = ['POWERED_ON', 'POWERED_OFF', 'SUSPENDED', 'CRASHED', 'UNKNOWN'] as const;

interface Sample {
  readonly vm: Vm;
  readonly networkIds: readonly string[];
  readonly labels: readonly Label[];
}

/** A small world with many coincidences, from nothing but its number. */
function sample(index: number): Sample {
  const pick = <T>(values: readonly T[], salt: number): T =>
    values[Math.floor(index / salt + index * salt) % values.length]!;
  const vm: Vm = {
    id: newId('vm'),
    tenantId: pick(TENANTS, 1),
    backendId: pick(['bak_1', 'bak_2'], 3),
    templateId: pick(['tpl_1', 'tpl_2'], 5),
    name: pick(NAMES, 2),
    lifecycle: pick([...VM_LIFECYCLES, 'ACTIVE', 'ACTIVE'], 7),
    powerState: pick(POWER_STATES, 4),
    ...{ cpuCount: 1, memoryMib: 512, diskGib: 1, externalId: null, createTaskId: null },
    ...{ observedAt: null, createdAt: index, deletedAt: null, revision: 0 },
  };
  return { vm, networkIds: NETWORKS.slice(index % 3), labels: LABELS.filter((_, at) => at !== index % 2) };
}

function fits({ vm, networkIds, labels }: Sample, scope: TenantScope, query: VmQuery): boolean {
  const same = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;
  const labelled = ({ name, value }: NonNullable<VmQuery['label']>): boolean =>
    labels.some((one) => one.name === name && same(value, one.value));
  return (
    scope.sees(vm.tenantId) &&
    (query.statuses ? query.statuses.includes(vmStatus(vm)) : vm.lifecycle !== 'DELETED') &&
    same(query.name, vm.name) &&
    same(query.tenantId, vm.tenantId) &&
    same(query.backendId, vm.backendId) &&
    same(query.templateId, vm.templateId) &&
    (query.networkId === undefined || networkIds.includes(query.networkId)) &&
    (query.label === undefined || labelled(query.label))
  );
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function naive(samples: readonly Sample[], scope: TenantScope, query: VmQuery, page: VmPage): string[] {
  const key = (vm: Pick<Vm, 'id' | 'name'>): readonly [string, string] =>
    page.orderBy === 'NAME' ? [vm.name, vm.id] : ['', vm.id];
  const compare = (a: readonly [string, string], b: readonly [string, string]): number =>
    (byBytes(a[0], b[0]) || byBytes(a[1], b[1])) * (page.descending ? -1 : 1);
  const bound = (at: NonNullable<VmPage['after']>) => key({ id: at.id, name: at.value ?? '' });
  const rows = samples
    .filter((one) => fits(one, scope, query))
    .map(({ vm }) => vm)
    .filter((vm) => page.after === null || compare(key(vm), bound(page.after)) > 0)
    .filter((vm) => page.before === null || compare(key(vm), bound(page.before)) < 0)
    .sort((a, b) => compare(key(a), key(b)));
  return (page.backward ? rows.reverse() : rows).slice(0, page.limit).map(({ id }) => id);
}

const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);

const queries: fc.Arbitrary<VmQuery> = fc.record({
  name: maybe(NAMES),
  tenantId: maybe(TENANTS),
  backendId: maybe(['bak_1', 'bak_2']),
  templateId: maybe(['tpl_1']),
  networkId: maybe([...NETWORKS, 'net_3']),
  label: maybe([...LABELS, { name: 'env', value: undefined }, { name: 'none', value: undefined }]),
  statuses: fc.option(fc.subarray([...VM_STATUSES]), { nil: undefined }),
});

/** Lists answer exactly what a look at every single row would. */
export function describeLists(kind: string, open: OpenDatabases): void {
  describe(`lists on ${kind}`, () => {
    let databases: TestDatabases;
    let database: Database;
    let vms: VmStore;
    let feed: EventFeed;
    const samples: Sample[] = [];

    beforeAll(async () => {
      databases = await open();
      database = await openEmpty(databases);
      feed = new EventFeed({ database, logger: silentLogger, pollMs: 3_600_000 });
      vms = new VmStore(database, feed);
      const taken = new Set<string>();
      for (let index = 0; index < 60; index += 1) {
        const made = sample(index);
        const unique = `${made.vm.tenantId} ${made.vm.name}`;
        const living = made.vm.lifecycle !== 'DELETED' && !taken.has(unique);
        if (living) taken.add(unique);
        samples.push(living ? made : { ...made, vm: { ...made.vm, lifecycle: 'DELETED' } });
      }
      // Living VMs under names of their own, so that there are more of them than names.
      for (let index = 60; index < 110; index += 1) {
        const made = sample(index);
        samples.push({ ...made, vm: { ...made.vm, name: `vm-${String(index % 37)}-${String(index)}` } });
      }
      await database.transaction(async (session) => {
        // The deleted first: each gives its name free at once.
        const deletedFirst = [...samples].sort(
          (a, b) => Number(a.vm.lifecycle !== 'DELETED') - Number(b.vm.lifecycle !== 'DELETED'),
        );
        for (const { vm, networkIds, labels } of deletedFirst) {
          const nics = networkIds.map((networkId, position) => ({
            ...{ vmId: vm.id, position, networkId },
            macAddress: null,
            ipAddresses: [],
          }));
          const unique = new Map(labels.map((label) => [label.name, label]));
          await vms.insert(session, vm, nics, [...unique.values()]);
          if (vm.lifecycle === 'DELETED') await session.update('Vm', { id: vm.id }, { livingName: null });
        }
      });
      for (const [index, one] of samples.entries()) {
        samples[index] = {
          ...one,
          labels: [...new Map(one.labels.map((label) => [label.name, label])).values()],
        };
      }
    }, 30_000);

    afterAll(async () => {
      await database.close();
      await databases.close();
    });

    test('of VMs, in every order, direction and filter, by every scope', async () => {
      const key = fc.option(
        fc.nat({ max: 109 }).map((index) => index),
        { nil: null },
      );
      const pages = fc.record({
        orderBy: fc.constantFrom('NAME' as const, 'CREATED_AT' as const),
        descending: fc.boolean(),
        limit: fc.integer({ min: 1, max: 40 }),
        after: key,
        before: key,
        backward: fc.boolean(),
      });
      const scopes = fc.constantFrom(
        TenantScope.administrator(),
        TenantScope.member('ten_1', 'VIEWER', 'tok'),
        TenantScope.member('ten_3', 'OWNER', 'tok'),
      );
      await fc.assert(
        fc.asyncProperty(scopes, queries, pages, async (scope, query, { after, before, ...rest }) => {
          const keyOf = (index: number | null): VmPage['after'] => {
            const vm = index === null ? null : samples[index]!.vm;
            return vm && { id: vm.id, value: rest.orderBy === 'NAME' ? vm.name : null };
          };
          const page: VmPage = { ...rest, after: keyOf(after), before: keyOf(before) };
          const listed = await vms.list(database.reader, scope, query, page);
          expect(listed.map(({ id }) => id)).toEqual(naive(samples, scope, query, page));
          const total = samples.filter((one) => fits(one, scope, query)).length;
          expect(await vms.count(database.reader, scope, query)).toBe(total);
        }),
        { numRuns: 150 },
      );
    }, 60_000);

    test('page through everything once, forwards and backwards, also where names are equal', async () => {
      const scope = TenantScope.administrator();
      for (const orderBy of ['NAME', 'CREATED_AT'] as const) {
        for (const backward of [false, true]) {
          const seen: string[] = [];
          let edge: VmPage['after'] = null;
          for (;;) {
            const page: VmPage = {
              ...{ orderBy, descending: false, limit: 7, backward },
              after: backward ? null : edge,
              before: backward ? edge : null,
            };
            const rows: Vm[] = await vms.list(database.reader, scope, { statuses: VM_STATUSES }, page);
            seen.push(...rows.map(({ id }) => id));
            const last = rows.at(-1);
            if (!last) break;
            edge = { id: last.id, value: last.name };
          }
          expect(seen).toHaveLength(samples.length);
          expect(new Set(seen).size).toBe(samples.length);
        }
      }
    });

    test('of tasks page newest first, and hold to the scope', async () => {
      const tasks = new TaskStore(database, feed);
      const ids: string[] = [];
      await database.transaction(async (session) => {
        for (let index = 0; index < 12; index += 1) {
          const tenantId = TENANTS[index % 2]!;
          const shared = { tenantId, operation: 'START_VM', actor: 'a', input: {}, stepNames: [] } as const;
          const own = { targetId: `vm_${String(index)}`, lane: `vm_${String(index)}` };
          const task = await tasks.enqueue(session, { ...shared, ...own, cancellableWhileRunning: false });
          ids.unshift(task.id);
        }
      });
      const page = (more: Partial<IdPage>): IdPage => ({
        ...{ limit: 5, afterId: null, beforeId: null, backward: false },
        ...more,
      });
      const list = async (scope: TenantScope, one: IdPage): Promise<string[]> =>
        (await tasks.list(database.reader, scope, {}, one)).map(({ id }) => id);
      const all = TenantScope.administrator();
      expect(await list(all, page({}))).toEqual(ids.slice(0, 5));
      expect(await list(all, page({ afterId: ids[4]! }))).toEqual(ids.slice(5, 10));
      expect(await list(all, page({ backward: true }))).toEqual(ids.slice(7).reverse());
      expect(await list(all, page({ backward: true, beforeId: ids[3]! }))).toEqual(ids.slice(0, 3).reverse());
      const own = TenantScope.member('ten_1', 'VIEWER', 'tok');
      expect(await list(own, page({ limit: 50 }))).toEqual(ids.filter((_, index) => index % 2 === 1));
      expect(await tasks.find(database.reader, own, ids[0]!)).toBeNull();
      expect(await tasks.list(database.reader, own, { tenantId: 'ten_2' }, page({}))).toEqual([]);
      expect(await tasks.count(database.reader, own, { tenantId: 'ten_2' })).toBe(0);
    });

    test('a name is unique among the living of a tenant, and free again after the deletion', async () => {
      const networks = new NetworkStore(database);
      const network = (tenantId: string, name = 'lan') => ({
        ...{ id: newId('network'), tenantId, name, backendId: 'bak_1', mode: 'NAT', cidr: '10.0.0.0/24' },
        ...{ status: 'ACTIVE', externalId: null, createTaskId: null, createdAt: 1, deletedAt: null },
      });
      const insert = (one: ReturnType<typeof network>) =>
        database.transaction((session) => networks.insert(session, one as never));
      const first = network('ten_1');
      await insert(first);
      await insert(network('ten_2'));
      await insert(network('ten_1', 'LAN'));
      await expect(insert(network('ten_1'))).rejects.toThrow();
      await database.transaction((session) => networks.update(session, first.id, { status: 'DELETED' }));
      const race = await Promise.allSettled([1, 2, 3, 4].map(() => insert(network('ten_1'))));
      expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('operations on one VM get one place each in its lane, however many ask at once', async () => {
      const tasks = new TaskStore(database, feed);
      const { id, tenantId } = samples[0]!.vm;
      const shared = { tenantId, operation: 'STOP_VM', actor: 'a', input: {}, stepNames: ['one'] } as const;
      const enqueue = () =>
        database.transaction(async (session) => {
          await vms.lock(session, TenantScope.system(), id);
          const task = { ...shared, targetId: id, lane: id, cancellableWhileRunning: false };
          return tasks.enqueue(session, task);
        });
      const made = await Promise.all(Array.from({ length: 25 }, enqueue));
      const rows = await database.reader.find<{ lane: string; lanePosition: number }>('Task', {
        where: { lane: id },
      });
      const places = rows.map(({ lanePosition }) => lanePosition).sort((a, b) => a - b);
      expect(places).toEqual(made.map((_, index) => index + 1));
    });

    test('tenants and tokens are found by those who may know of them only', async () => {
      const tenants = new TenantStore(database);
      const tokens = new ApiTokenStore(database);
      const [own, other] = ['own', 'other'].map((slug) => ({
        id: newId('tenant'),
        slug,
        name: slug,
        createdAt: 1,
      }));
      const token: ApiToken = {
        ...{ id: newId('apiToken'), tenantId: other!.id, name: 'a', role: 'OWNER', createdAt: 1 },
        ...{ expiresAt: null, lastUsedAt: null, revokedAt: null },
      };
      await database.transaction(async (session) => {
        for (const tenant of [own!, other!]) await tenants.insert(session, tenant);
        await tokens.insert(session, token, 'f'.repeat(64));
      });
      const { reader } = database;
      const member = TenantScope.member(own!.id, 'OWNER', 'tok');
      const page: IdPage = { limit: 10, afterId: null, beforeId: null, backward: false };
      expect(await tenants.list(reader, member, page)).toEqual([own]);
      expect(await tenants.list(reader, member, { ...page, afterId: own!.id })).toEqual([]);
      expect(await tenants.list(reader, TenantScope.administrator(), page)).toHaveLength(2);
      expect(await tenants.find(reader, member, other!.id)).toBeNull();
      expect(await tenants.findBySlug(reader, member, 'other')).toBeNull();
      expect(await tenants.count(reader, member)).toBe(1);
      expect(await tokens.find(reader, member, token.id)).toBeNull();
      expect(await tokens.find(reader, TenantScope.member(other!.id, 'OWNER', 'tok'), token.id)).toEqual(
        token,
      );
      await database.transaction((session) => tokens.revoke(session, token.id, 5));
      await database.transaction((session) => tokens.revoke(session, token.id, 9));
      expect((await tokens.findBySecretHash(reader, 'f'.repeat(64)))?.revokedAt).toBe(5);
    });
  });
}
