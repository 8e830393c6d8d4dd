import type { QuotaLedger } from '../allocations';
import type { BackendDirectory, LiveBackend } from '../backends';
import { withUniqueName } from '../database';
import type { Session } from '../database';
import { idempotentRequest } from '../idempotency';
import type { IdempotencyStore, Keyed, Work } from '../idempotency';
import {
  AppError,
  invalidArgument,
  newId,
  notFound,
  requireFound,
  requireName,
  TenantScope,
} from '../kernel';
import type { Network, NetworkStore } from '../networks';
import type { Task, TaskService } from '../tasks';
import type { Template, TemplateService } from '../templates';
import type { TenantService } from '../tenants';
import type { CreateVmTaskInput } from './create-vm.workflow';
import { place } from './placement';
import type { Label, Vm } from './vm';
import { requireLabels, requireSize, requireSshKeys, requireUserData } from './vm-input';
import { amountsOfVm, claimantOf, VM_FIELDS } from './vm-quota';
import type { VmStore } from './vm.store';

const MAX_NICS = 8;

export interface CreateVm extends Keyed {
  readonly tenantId: string | null;
  readonly name: string;
  readonly templateId: string;
  /** Name or id; null leaves the choice to the placement policy. */
  readonly backend: string | null;
  readonly cpuCount: number;
  readonly memoryMib: number;
  /** Null takes the template's smallest. */
  readonly diskGib: number | null;
  readonly networkIds: readonly string[];
  readonly userData: string | null;
  readonly sshKeys: readonly string[];
  readonly labels: readonly Label[];
  readonly powerOn: boolean;
}

export interface VmAndTask {
  readonly vm: Vm;
  readonly task: Task;
}

export interface VmServices {
  readonly store: VmStore;
  readonly backends: BackendDirectory;
  readonly tenants: TenantService;
  readonly templates: TemplateService;
  readonly networks: NetworkStore;
  readonly tasks: TaskService;
  readonly idempotency: IdempotencyStore;
  readonly quotas: QuotaLedger;
}

/** What is remembered of an answer about a VM. */
export interface VmAndTaskIds {
  readonly vmId: string;
  readonly taskId: string;
}

/** A creation after its values were checked. */
interface CheckedVm extends Omit<CreateVm, 'tenantId' | 'backend' | 'diskGib' | 'idempotencyKey'> {
  readonly tenantId: string;
  readonly diskGib: number;
}

export class VmService {
  constructor(private readonly services: VmServices) {}

  get store(): VmStore {
    return this.services.store;
  }

  /** @throws NOT_FOUND */
  async get(scope: TenantScope, id: string, field?: string): Promise<Vm> {
    const vm = await this.store.find(this.store.database.reader, scope, id);
    return requireFound('Vm', vm, id, field);
  }

  /**
   * Records a VM and queues its creation.
   * @throws NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT, UNSUPPORTED, ALREADY_EXISTS for the name,
   *   RESOURCE_EXHAUSTED for the quota, and what the placement throws
   */
  async create(scope: TenantScope, input: CreateVm): Promise<VmAndTask> {
    const tenantId = scope.resolveTenant(input.tenantId, 'input.tenantId');
    await this.services.tenants.get(scope, tenantId, 'input.tenantId');
    scope.requireRole('OPERATOR');
    const request = idempotentRequest('createVm', tenantId, input);
    const ids = await withUniqueName('input.name', 'another VM of the tenant', () =>
      this.services.idempotency.oncePrepared(request, () => this.prepare(scope, tenantId, input)),
    );
    return this.load(scope, ids);
  }

  private async prepare(scope: TenantScope, tenantId: string, input: CreateVm): Promise<Work<VmAndTaskIds>> {
    const template = await this.templateFor(tenantId, input.templateId);
    const checked = checkValues(tenantId, template, input);
    const networks = await this.networksFor(tenantId, input.networkIds);
    const live = this.chooseBackend(input.backend, template, networks, checked);
    return (session) => this.insertAndQueue(session, scope, checked, live);
  }

  /** Both as they are now. @throws NOT_FOUND */
  async load(scope: TenantScope, { vmId, taskId }: VmAndTaskIds): Promise<VmAndTask> {
    return { vm: await this.get(scope, vmId), task: await this.services.tasks.get(scope, taskId) };
  }

  /** The tenant's own template or a shared one, also when an administrator acts for the tenant. */
  private async templateFor(tenantId: string, templateId: string): Promise<Template> {
    const scope = TenantScope.member(tenantId, 'VIEWER', 'system');
    return this.services.templates.get(scope, templateId, 'input.templateId');
  }

  private async networksFor(tenantId: string, ids: readonly string[]): Promise<Network[]> {
    if (ids.length > MAX_NICS) {
      throw invalidArgument('input.networkIds', `must be at most ${String(MAX_NICS)} networks.`);
    }
    if (new Set(ids).size !== ids.length) throw invalidArgument('input.networkIds', 'names a network twice.');
    const scope = TenantScope.member(tenantId, 'VIEWER', 'system');
    const { networks } = this.services;
    const found = await networks.findMany(networks.database.reader, scope, ids);
    return ids.map((id) => {
      const network = found.find((one) => one.id === id);
      if (!network) throw notFound('Network', id, 'input.networkIds');
      return network;
    });
  }

  private chooseBackend(
    wanted: string | null,
    template: Template,
    networks: readonly Network[],
    vm: CheckedVm,
  ): LiveBackend {
    const { backends } = this.services;
    const networkBackendIds = [...new Set(networks.map(({ backendId }) => backendId))];
    const live =
      wanted === null
        ? place(backends, { template, memoryMib: vm.memoryMib, networkBackendIds })
        : backends.resolve(wanted, 'input.backend');
    if (!template.realizations.some(({ backendId }) => backendId === live.backend.id)) {
      throw invalidArgument(
        'input.templateId',
        `the template has no image on the backend ${live.backend.name}.`,
      );
    }
    if (networkBackendIds.some((id) => id !== live.backend.id)) {
      throw invalidArgument(
        'input.networkIds',
        `names a network that is not on the backend ${live.backend.name}.`,
      );
    }
    const { maxPerVm } = live.provider.capabilities.network;
    if (maxPerVm !== null && networks.length > maxPerVm) {
      const field = 'input.networkIds';
      throw new AppError('UNSUPPORTED', `${field}: a VM can be on ${maxPerVm} of this backend at most.`, {
        details: { field },
      });
    }
    const customized = vm.userData !== null || vm.sshKeys.length > 0;
    if (customized && !live.provider.capabilities.vm.guestCustomization) {
      const field = vm.userData === null ? 'input.sshKeys' : 'input.userData';
      throw new AppError('UNSUPPORTED', `${field}: the backend cannot hand this to the guest.`, {
        details: { field },
      });
    }
    return live;
  }

  private async insertAndQueue(
    session: Session,
    scope: TenantScope,
    checked: CheckedVm,
    { backend }: LiveBackend,
  ): Promise<VmAndTaskIds> {
    const id = newId('vm');
    await this.lockNetworks(session, checked.networkIds);
    const { tenantId, templateId, name, cpuCount, memoryMib, diskGib } = checked;
    const vm: Vm = {
      ...{ id, tenantId, templateId, name, cpuCount, memoryMib, diskGib },
      backendId: backend.id,
      lifecycle: 'PROVISIONING',
      powerState: 'UNKNOWN',
      externalId: null,
      createTaskId: null,
      observedAt: null,
      createdAt: await this.store.database.now(session),
      deletedAt: null,
      revision: 0,
    };
    const nics = checked.networkIds.map((networkId, position) => ({
      ...{ vmId: id, position, networkId },
      macAddress: null,
      ipAddresses: [],
    }));
    await this.store.insert(session, vm, nics, checked.labels);
    await this.store.putGuestConfig(session, {
      vmId: id,
      userData: checked.userData,
      sshKeys: checked.sshKeys,
    });
    const hasUserData = checked.userData !== null;
    const taskInput: CreateVmTaskInput = { vmId: id, powerOn: checked.powerOn, hasUserData };
    const request = { tenantId, backendId: backend.id, targetId: id, input: taskInput };
    const task = await this.services.tasks.enqueue(session, scope, { operation: 'CREATE_VM', ...request });
    await this.store.update(session, id, { createTaskId: task.id }, 'CREATED');
    await this.services.quotas.hold(session, claimantOf(vm), task.id, amountsOfVm(vm), VM_FIELDS);
    return { vmId: id, taskId: task.id };
  }

  /** Keeps networks from being deleted between the check and the commit. In order of ids, so that nobody deadlocks. */
  private async lockNetworks(session: Session, ids: readonly string[]): Promise<void> {
    for (const id of [...ids].sort()) {
      const network = await this.services.networks.lock(session, TenantScope.system(), id);
      if (network?.status !== 'PROVISIONING' && network?.status !== 'ACTIVE') {
        throw new AppError('FAILED_PRECONDITION', 'input.networkIds: a network cannot be used any more.', {
          details: { field: 'input.networkIds' },
        });
      }
    }
  }
}

function checkValues(tenantId: string, template: Template, input: CreateVm): CheckedVm {
  const diskGib = requireSize('diskGib', input.diskGib ?? template.minDiskGib);
  if (diskGib < template.minDiskGib) {
    throw invalidArgument(
      'input.diskGib',
      `must be at least ${String(template.minDiskGib)}, which the template needs.`,
    );
  }
  return {
    tenantId,
    diskGib,
    name: requireName('input.name', input.name),
    templateId: template.id,
    cpuCount: requireSize('cpuCount', input.cpuCount),
    memoryMib: requireSize('memoryMib', input.memoryMib),
    networkIds: input.networkIds,
    userData: requireUserData(input.userData),
    sshKeys: requireSshKeys(input.sshKeys),
    labels: requireLabels(input.labels),
    powerOn: input.powerOn,
  };
}
