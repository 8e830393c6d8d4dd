import { silentLogger } from '../../../src/kernel';
import { unwatchedCall } from '../../../src/providers/contract';
import type { VmSpec } from '../../../src/providers/contract';
import { expectCode, expectRetryableRefusals } from '../../conformance/error-codes';
import type { OpenStackServer } from './harness';
import { Tenant } from './tenant';
import type { TenantOptions } from './tenant';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl tried@example';

export interface BehaviourOptions extends TenantOptions {
  /** Whether the cloud can pause servers. */
  readonly pauses: boolean;
}

/** What the provider does with Nova's ways, whatever stands behind the API. */
export function describeBehaviour(
  name: string,
  start: () => Promise<OpenStackServer>,
  options: BehaviourOptions,
): void {
  describe(`the OpenStack provider, ${name},`, () => {
    let server: OpenStackServer;
    let tenant: Tenant;

    beforeAll(async () => {
      server = await start();
    }, options.timeoutMs);
    afterAll(() => server.stop(), options.timeoutMs);
    beforeEach(async () => {
      tenant = await Tenant.enter(server, options);
    }, options.timeoutMs);
    afterEach(() => tenant.leave(), 2 * options.timeoutMs);

    describeCreation(() => tenant, options.timeoutMs);
    describeResize(() => tenant, options.timeoutMs);
    describeStates(() => tenant, options.timeoutMs);
    if (options.pauses) describePause(() => tenant, options.timeoutMs);
  });
}

async function serversOf(tenant: Tenant, { marker }: VmSpec): Promise<readonly string[]> {
  const all = await tenant.intruder.serversWith('hypergate:object', marker.objectId);
  return all.map(({ id }) => id);
}

async function keypairsOf(tenant: Tenant, { marker }: VmSpec): Promise<readonly string[]> {
  const all = await tenant.intruder.keypairs();
  return all.filter((name) => name.includes(marker.objectId));
}

function describeCreation(tenantOf: () => Tenant, timeoutMs: number): void {
  test(
    'a creation that Nova fails is told as failed, shown by no read, and leaves nothing when it is removed',
    async () => {
      const tenant = tenantOf();
      const spec = await tenant.spec({ labels: { 'x-fail': 'spawn' }, sshKeys: [KEY] });
      await expectCode(tenant.create(spec), 'INTERNAL');
      expect(await serversOf(tenant, spec)).toHaveLength(1);
      expect(await tenant.provider.locateVm(spec.marker, tenant.context)).toBeNull();
      const query = { installationId: spec.marker.installationId, pageToken: null };
      expect((await tenant.provider.listVms(query, tenant.context)).items).toEqual([]);
      await tenant.remove(spec.marker);
      expect(await serversOf(tenant, spec)).toEqual([]);
      expect(await keypairsOf(tenant, spec)).toEqual([]);
    },
    timeoutMs,
  );

  test(
    'a creation repeated after that makes one VM',
    async () => {
      const tenant = tenantOf();
      const spec = await tenant.spec();
      await expectCode(tenant.create({ ...spec, labels: { 'x-fail': 'spawn' } }), 'INTERNAL');
      const vm = await tenant.create(spec);
      expect(vm.powerState).toBe('POWERED_ON');
      expect(await serversOf(tenant, spec)).toEqual([vm.externalId]);
    },
    timeoutMs,
  );

  test(
    'two gateways that make the same VM at once make one',
    async () => {
      const tenant = tenantOf();
      const spec = await tenant.spec();
      const [one, other] = [tenant.provider, tenant.connect()];
      const results = await Promise.allSettled([tenant.create(spec, one), tenant.create(spec, other)]);
      expectRetryableRefusals(results);
      const vm = await tenant.create(spec);
      const query = { installationId: spec.marker.installationId, pageToken: null };
      const listed = async () =>
        (await tenant.provider.listVms(query, tenant.context)).items.map(({ externalId }) => externalId);
      await tenant.eventually(listed, (ids) => ids.length === 1);
      expect(await listed()).toEqual([vm.externalId]);
    },
    timeoutMs,
  );

  test(
    'what a VM is made of stands on the server, the first key as a pair of its own',
    async () => {
      const tenant = tenantOf();
      const labels = { 'x-delay': '0', tier: 'gold', 'example.org/team': 'blue' };
      const spec = await tenant.spec({ name: 'rocket 🚀', labels, sshKeys: [KEY] });
      const vm = await tenant.create(spec);
      expect(vm.name).toBe('rocket 🚀');
      const [keypair] = await keypairsOf(tenant, spec);
      expect(keypair).toBeDefined();
      expect(await tenant.intruder.server(vm.externalId)).toMatchObject({
        name: 'rocket _',
        key_name: keypair,
        metadata: { tier: 'gold', 'hypergate:tenant': spec.marker.tenantId },
      });
      await tenant.remove(spec.marker);
      expect(await keypairsOf(tenant, spec)).toEqual([]);
    },
    timeoutMs,
  );

  test(
    'a VM may have a name of one character',
    async () => {
      const tenant = tenantOf();
      const vm = await tenant.create(await tenant.spec({ name: 'A', hostname: 'a' }));
      expect(await tenant.intruder.server(vm.externalId)).toMatchObject({
        name: 'A',
        'OS-EXT-SRV-ATTR:hostname': 'a',
      });
    },
    timeoutMs,
  );

  test(
    'the key pair of a VM stays when a copy of the installation deletes its own',
    async () => {
      const tenant = tenantOf();
      const spec = await tenant.spec({ sshKeys: [KEY] });
      await tenant.create(spec);
      const marker = { ...spec.marker, installationId: 'a-copy' };
      await tenant.settle(() => tenant.provider.deleteVm({ externalId: '', marker }, tenant.context));
      expect(await keypairsOf(tenant, spec)).toHaveLength(1);
    },
    timeoutMs,
  );

  test(
    'a name that is longer than a label, and a VM without networks, are possible',
    async () => {
      const tenant = tenantOf();
      const vm = await tenant.create(await tenant.spec({ name: 'é'.repeat(63), networks: [] }));
      expect(vm).toMatchObject({ name: 'é'.repeat(63), nics: [] });
    },
    timeoutMs,
  );
}

function describeResize(tenantOf: () => Tenant, timeoutMs: number): void {
  /** A stopped VM whose resize to 2 GiB an administrator has begun, and nobody confirmed. */
  async function unconfirmed() {
    const tenant = tenantOf();
    const spec = await tenant.spec();
    const vm = await tenant.create(spec);
    const ref = { externalId: vm.externalId, marker: spec.marker };
    await tenant.settle(() => tenant.provider.stopVm(ref, 'FORCED', tenant.context));
    const flavorRef = await tenant.intruder.flavor('m1.small');
    await tenant.intruder.act(vm.externalId, { resize: { flavorRef } });
    await tenant.intruder.becomes(vm.externalId, 'VERIFY_RESIZE');
    return { tenant, ref };
  }

  test(
    'a resize that nobody confirmed is confirmed by a start',
    async () => {
      const { tenant, ref } = await unconfirmed();
      const vm = await tenant.settle(() => tenant.provider.startVm(ref, tenant.context));
      expect(vm).toMatchObject({ powerState: 'POWERED_ON', memoryMib: 2_048 });
    },
    timeoutMs,
  );

  test(
    'it is confirmed by a resize to what it is, and is no other one',
    async () => {
      const { tenant, ref } = await unconfirmed();
      const vm = await tenant.settle(() =>
        tenant.provider.resizeVm(ref, { memoryMib: 1_024 }, tenant.context),
      );
      expect(vm).toMatchObject({ powerState: 'POWERED_OFF', memoryMib: 2_048 });
      expect(await tenant.intruder.server(ref.externalId)).toMatchObject({
        status: 'SHUTOFF',
        metadata: { 'hypergate:size': '1,1024,1' },
      });
    },
    timeoutMs,
  );

  test(
    'it is taken back for a resize to less, and does not keep a VM from being deleted',
    async () => {
      const { tenant, ref } = await unconfirmed();
      const resize = () => tenant.provider.resizeVm(ref, { memoryMib: 512, cpuCount: 2 }, tenant.context);
      const vm = await tenant.settle(resize);
      expect(vm.cpuCount).toBe(2);
      const other = await unconfirmed();
      await other.tenant.settle(() => other.tenant.provider.deleteVm(other.ref, other.tenant.context));
      expect(await other.tenant.intruder.server(other.ref.externalId)).toBeNull();
    },
    2 * timeoutMs,
  );
}

function describeStates(tenantOf: () => Tenant, timeoutMs: number): void {
  test(
    'a call while Nova is at work on the server waits for the end of that, and then does its own',
    async () => {
      const tenant = tenantOf();
      const spec = await tenant.spec({ labels: { 'x-delay': '1' } });
      const vm = await tenant.create(spec);
      const ref = { externalId: vm.externalId, marker: spec.marker };
      expect(await tenant.provider.stopVm(ref, 'GRACEFUL', tenant.context)).toMatchObject({
        state: 'ACCEPTED',
      });
      const started = await tenant.settle(() => tenant.provider.startVm(ref, tenant.context));
      expect(started.powerState).toBe('POWERED_ON');
      expect(await tenant.provider.stopVm(ref, 'GRACEFUL', tenant.context)).toMatchObject({
        state: 'ACCEPTED',
      });
      await expectCode(
        tenant.settle(() => tenant.provider.suspendVm(ref, tenant.context)),
        'FAILED_PRECONDITION',
      );
    },
    timeoutMs,
  );

  test(
    'a page token of somebody else is refused',
    async () => {
      const tenant = tenantOf();
      const context = unwatchedCall(new AbortController().signal, silentLogger);
      for (const pageToken of ['x', Buffer.from('{"id":1}').toString('base64url')])
        await expectCode(
          tenant.provider.listVms({ installationId: 'i', pageToken }, context),
          'INVALID_ARGUMENT',
        );
    },
    timeoutMs,
  );
}

function describePause(tenantOf: () => Tenant, timeoutMs: number): void {
  test(
    'a paused VM counts as suspended, and starts',
    async () => {
      const tenant = tenantOf();
      const spec = await tenant.spec();
      const vm = await tenant.create(spec);
      const ref = { externalId: vm.externalId, marker: spec.marker };
      await tenant.intruder.act(vm.externalId, { pause: null });
      await tenant.intruder.becomes(vm.externalId, 'PAUSED');
      expect(await tenant.provider.getVm(ref, tenant.context)).toMatchObject({ powerState: 'SUSPENDED' });
      const started = await tenant.settle(() => tenant.provider.startVm(ref, tenant.context));
      expect(started.powerState).toBe('POWERED_ON');
    },
    timeoutMs,
  );
}
