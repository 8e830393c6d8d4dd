import { QuotaLedger, QuotaRecount, QuotaResolver, QuotaService, QuotaStore } from '../allocations';
import {
  BackendDirectory,
  BackendResolver,
  BackendStore,
  backendType,
  TaskBackendResolver,
} from '../backends';
import type { Database } from '../database';
import { EventCursors } from '../events';
import type { EventFeed } from '../events';
import { NodeRegistry, NodeResolver } from '../graphql';
import type { ContextSeeds } from '../graphql';
import { IdempotencyStore } from '../idempotency';
import { derivedKey } from '../installation';
import type { Installation } from '../installation';
import { ReconciliationResolver, ReconciliationService, SightingStore } from '../inventory';
import type { Logger } from '../kernel';
import {
  createNetworkWorkflow,
  deleteNetworkWorkflow,
  networkLoader,
  NetworkReservations,
  NetworkResolver,
  NetworkService,
  NetworkStore,
  toNetworkType,
} from '../networks';
import type { NetworkUsage } from '../networks';
import {
  TASK_EVENT_STREAMS,
  TaskEventStreams,
  TaskLinksResolver,
  taskLoader,
  TaskResolver,
  TaskService,
  TaskStore,
  toTaskType,
  WorkflowRegistry,
} from '../tasks';
import {
  templateLoader,
  TemplateRealizationResolver,
  TemplateResolver,
  TemplateService,
  TemplateStore,
  toTemplateType,
} from '../templates';
import {
  ApiTokenResolver,
  ApiTokenService,
  ApiTokenStore,
  TaskTenantResolver,
  tenantLoader,
  TenantResolver,
  TenantService,
  TenantStore,
  toTenantType,
  ViewerResolver,
} from '../tenants';
import {
  createVmWorkflow,
  deleteVmWorkflow,
  NetworkVmsResolver,
  rebootVmWorkflow,
  resizeVmWorkflow,
  resumeVmWorkflow,
  startVmWorkflow,
  stopVmWorkflow,
  suspendVmWorkflow,
  TenantVmsResolver,
  toVmType,
  VM_EVENT_STREAMS,
  VmConsoleResolver,
  VmEventStreams,
  vmLoader,
  VmMutationResolver,
  VmNetworkResolver,
  VmOperationService,
  VmReservations,
  VmResolver,
  VmService,
  VmStore,
} from '../vms';

export interface NounOptions {
  readonly database: Database;
  readonly feed: EventFeed;
  readonly installation: Installation;
  readonly logger: Logger;
  readonly wakeEngine: () => void;
  /** See `streamEvents`. */
  readonly maxBacklog: number;
}

type Stores = ReturnType<typeof makeStores>;
type Services = ReturnType<typeof makeServices>;

function makeStores({ database, feed, installation, logger }: NounOptions) {
  return {
    tenants: new TenantStore(database),
    tokens: new ApiTokenStore(database),
    backends: new BackendDirectory(new BackendStore(database), logger),
    quotas: new QuotaStore(database),
    templates: new TemplateStore(database),
    networks: new NetworkStore(database),
    vms: new VmStore(database, feed),
    tasks: new TaskStore(database, feed),
    idempotency: new IdempotencyStore(database, derivedKey(installation, 'idempotent-input')),
    sightings: new SightingStore(database),
  };
}

function networkUsage({ vms }: Stores): NetworkUsage {
  return vms.usesNetwork.bind(vms);
}

function makeLedger({ quotas, backends }: Stores): QuotaLedger {
  return new QuotaLedger(quotas, (id) => backends.get(id)?.name ?? id);
}

function makeRecount({ quotas, vms, networks, tasks }: Stores): QuotaRecount {
  return new QuotaRecount(quotas, [new VmReservations(vms, tasks), new NetworkReservations(networks, tasks)]);
}

function makeServices(options: NounOptions, stores: Stores, workflows: WorkflowRegistry) {
  const { backends, idempotency } = stores;
  const tasks = new TaskService(stores.tasks, workflows, options.wakeEngine, idempotency);
  const tenants = new TenantService(stores.tenants, idempotency);
  const quotas = makeLedger(stores);
  const shared = { backends, tenants, tasks, idempotency, quotas };
  const templates = new TemplateService({ ...shared, store: stores.templates, logger: options.logger });
  const isInUse = networkUsage(stores);
  const vmServices = { ...shared, store: stores.vms, templates, networks: stores.networks };
  const vms = new VmService(vmServices);
  const secretKey = derivedKey(options.installation, 'api-token-secret');
  return {
    tasks,
    tenants,
    templates,
    tokens: new ApiTokenService({ ...shared, store: stores.tokens, secretKey }),
    networks: new NetworkService({ ...shared, store: stores.networks, isInUse }),
    vms,
    vmOperations: new VmOperationService(vmServices, vms),
    quotas: new QuotaService({ ...shared, store: stores.quotas }),
    ledger: quotas,
    recount: makeRecount(stores),
    reconciliation: new ReconciliationService(stores.sightings),
  };
}

function registerWorkflows(
  workflows: WorkflowRegistry,
  options: NounOptions,
  stores: Stores,
  { ledger }: Services,
): void {
  const { backends, tasks } = stores;
  const shared = { backends, tasks, quotas: ledger, installationId: options.installation.id };
  const network = { ...shared, store: stores.networks, isInUse: networkUsage(stores) };
  const vm = { ...shared, store: stores.vms, networks: stores.networks, templates: stores.templates };
  workflows.register(createNetworkWorkflow(network));
  workflows.register(deleteNetworkWorkflow(network));
  workflows.register(createVmWorkflow(vm));
  workflows.register(startVmWorkflow(vm));
  workflows.register(stopVmWorkflow(vm));
  workflows.register(rebootVmWorkflow(vm));
  workflows.register(suspendVmWorkflow(vm));
  workflows.register(resumeVmWorkflow(vm));
  workflows.register(resizeVmWorkflow(vm));
  workflows.register(deleteVmWorkflow(vm));
}

function makeNodes(stores: Stores): NodeRegistry {
  const nodes = new NodeRegistry();
  nodes.register('tenant', async (context, id) => {
    const found = await tenantLoader(context, stores.tenants).load(id);
    return found && toTenantType(found);
  });
  nodes.register('backend', (_context, id) => Promise.resolve(backendType(stores.backends, id)));
  nodes.register('template', async (context, id) => {
    const found = await templateLoader(context, stores.templates).load(id);
    return found && toTemplateType(found);
  });
  nodes.register('network', async (context, id) => {
    const found = await networkLoader(context, stores.networks).load(id);
    return found && toNetworkType(found);
  });
  nodes.register('vm', async (context, id) => {
    const found = await vmLoader(context, stores.vms).load(id);
    return found && toVmType(found);
  });
  nodes.register('task', async (context, id) => {
    const found = await taskLoader(context, stores.tasks).load(id);
    return found && toTaskType(found);
  });
  return nodes;
}

function makeResolvers(options: NounOptions, stores: Stores, services: Services): object[] {
  const nodes = makeNodes(stores);
  const { backends, tenants, templates, networks, tasks } = stores;
  return [
    new NodeResolver(nodes),
    new ViewerResolver(services.tenants),
    new TenantResolver(services.tenants),
    new ApiTokenResolver(services.tokens),
    new BackendResolver(backends),
    new QuotaResolver(services.quotas, backends),
    new TemplateResolver(services.templates, tenants),
    new TemplateRealizationResolver(backends),
    new NetworkResolver(services.networks, tenants, backends),
    new VmResolver({ vms: services.vms, tasks, tenants, templates, backends }),
    new VmMutationResolver(services.vms, services.vmOperations),
    new VmConsoleResolver(backends, options.installation.id),
    new VmNetworkResolver(networks),
    new TenantVmsResolver(services.vms),
    new NetworkVmsResolver(services.vms),
    new ReconciliationResolver(services.reconciliation),
    new TaskResolver(services.tasks),
    new TaskLinksResolver(services.tasks, nodes),
    new TaskBackendResolver(backends),
    new TaskTenantResolver(services.tenants),
  ];
}

function makeSeeds(options: NounOptions, services: Services): ContextSeeds {
  const { feed, maxBacklog, installation } = options;
  const shared = {
    ...{ feed, maxBacklog, cursors: new EventCursors(installation.cursorKey) },
    requireTenant: services.tenants.get.bind(services.tenants),
  };
  return new Map<unknown, unknown>([
    [TASK_EVENT_STREAMS, new TaskEventStreams({ ...shared, tasks: services.tasks })],
    [VM_EVENT_STREAMS, new VmEventStreams({ ...shared, vms: services.vms })],
  ]) as ContextSeeds;
}

/** All nouns, wired together: what the gateway runs and what the API answers with. */
export function assembleNouns(options: NounOptions) {
  const stores = makeStores(options);
  const workflows = new WorkflowRegistry();
  const services = makeServices(options, stores, workflows);
  registerWorkflows(workflows, options, stores, services);
  return {
    stores,
    services,
    workflows,
    resolvers: makeResolvers(options, stores, services),
    seeds: makeSeeds(options, services),
  };
}
