import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import { BackendDirectory, BackendType, backendType } from '../backends';
import { PageArgs, requireScope } from '../graphql';
import type { Connection, RequestContext } from '../graphql';
import { openTasksLoader, TaskConnection, taskPage, TaskStore, TaskType, toTaskType } from '../tasks';
import { templateLoader, TemplateStore, TemplateType, toTemplateType } from '../templates';
import { tenantLoader, TenantStore, TenantType, toTenantType } from '../tenants';
import { judgeOffer, VM_ACTIONS } from './vm-action';
import { VM_EVENT_STREAMS } from './vm-event-streams';
import type { VmEvent } from './vm-event-streams';
import { toVmEventType, VmEventsArgs, VmEventType } from './vm-event.type';
import { VmsArgs } from './vm-input.type';
import { labelLoader, nicLoader, vmLoader } from './vm.loader';
import { toVmQuery, vmPage } from './vm-page';
import { VmService } from './vm.service';
import { LabelType, toVmType, VmActionType, VmConnection, VmNetworkType, VmType } from './vm.type';

export interface VmResolverServices {
  readonly vms: VmService;
  readonly tasks: TaskStore;
  readonly tenants: TenantStore;
  readonly templates: TemplateStore;
  readonly backends: BackendDirectory;
}

@Resolver(() => VmType)
export class VmResolver {
  constructor(private readonly services: VmResolverServices) {}

  @Query(() => VmType, {
    nullable: true,
    description: 'One VM; null when there is none that the caller may see.',
  })
  async vm(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The VM’s id.' }) id: string,
  ): Promise<VmType | null> {
    requireScope(context);
    const vm = await vmLoader(context, this.services.vms.store).load(id);
    return vm && toVmType(vm);
  }

  @Query(() => VmConnection, { name: 'vms', description: 'VMs, of all backends.' })
  async vmsPage(@Ctx() context: RequestContext, @Args() args: VmsArgs): Promise<Connection<VmType>> {
    const scope = requireScope(context);
    const query = toVmQuery(args.filter, this.services.backends);
    return vmPage(this.services.vms.store, scope, query, args, args.orderBy ?? null);
  }

  @Subscription(() => VmEventType, {
    description:
      'Follows VMs: what happens to them by us and behind our back. With `after` it begins with everything since that ' +
      'event; where events are missing, one of the kind LAGGED says so.',
    subscribe: ({ args, context }: { args: VmEventsArgs; context: RequestContext }) =>
      context
        .loader(VM_EVENT_STREAMS, () => {
          throw new Error('The context was made without event streams.');
        })
        .subscribe(requireScope(context), {
          tenantId: args.tenantId ?? null,
          vmId: args.vmId ?? null,
          after: args.after ?? null,
        }),
  })
  vmEvents(@Root() event: VmEvent, @Args() _args: VmEventsArgs): VmEventType {
    return toVmEventType(event);
  }

  @FieldResolver(() => TenantType, { description: 'The tenant that owns it.' })
  async tenant(@Root() { vm }: VmType, @Ctx() context: RequestContext): Promise<TenantType> {
    const tenant = await tenantLoader(context, this.services.tenants).load(vm.tenantId);
    if (!tenant) throw new Error(`The tenant of VM ${vm.id} is not recorded.`);
    return toTenantType(tenant);
  }

  @FieldResolver(() => BackendType, { description: 'The backend that it is on.' })
  backend(@Root() { vm }: VmType): BackendType {
    const backend = backendType(this.services.backends, vm.backendId);
    if (!backend) throw new Error(`The backend of VM ${vm.id} is not recorded.`);
    return backend;
  }

  @FieldResolver(() => TemplateType, {
    nullable: true,
    description: 'The template that it was made from; null when that is gone.',
  })
  async template(@Root() { vm }: VmType, @Ctx() context: RequestContext): Promise<TemplateType | null> {
    const template = await templateLoader(context, this.services.templates).load(vm.templateId);
    return template && toTemplateType(template);
  }

  @FieldResolver(() => [VmNetworkType], { description: 'Its network cards, in order.' })
  async networks(@Root() { vm }: VmType, @Ctx() context: RequestContext): Promise<VmNetworkType[]> {
    return [...(await nicLoader(context, this.services.vms.store).load(vm.id))];
  }

  @FieldResolver(() => [String], { description: 'The addresses of all its network cards.' })
  async ipAddresses(@Root() { vm }: VmType, @Ctx() context: RequestContext): Promise<string[]> {
    const nics = await nicLoader(context, this.services.vms.store).load(vm.id);
    return nics.flatMap(({ ipAddresses }) => ipAddresses);
  }

  @FieldResolver(() => [LabelType], { description: 'Its labels, by name.' })
  async labels(@Root() { vm }: VmType, @Ctx() context: RequestContext): Promise<LabelType[]> {
    return labelLoader(context, this.services.vms.store).load(vm.id);
  }

  @FieldResolver(() => TaskType, {
    nullable: true,
    description: 'The task that works on it now, or will next; null when nothing is under way.',
  })
  async activeTask(@Root() { vm }: VmType, @Ctx() context: RequestContext): Promise<TaskType | null> {
    const [first] = await openTasksLoader(context, this.services.tasks).load(vm.id);
    return first ? toTaskType(first) : null;
  }

  @FieldResolver(() => TaskConnection, { description: 'All tasks that worked on it, newest first.' })
  tasks(
    @Root() { vm }: VmType,
    @Ctx() context: RequestContext,
    @Args() args: PageArgs,
  ): Promise<Connection<TaskType>> {
    return taskPage(this.services.tasks, requireScope(context), { targetId: vm.id }, args);
  }

  @FieldResolver(() => [VmActionType], {
    description: 'What can be done with it, and whether it may be done now.',
  })
  availableActions(@Root() { vm }: VmType, @Ctx() context: RequestContext): VmActionType[] {
    const { backends } = this.services;
    const live = backends.allLive().find(({ backend }) => backend.id === vm.backendId);
    const mayChange = requireScope(context).allows('OPERATOR');
    return VM_ACTIONS.map((action) => {
      const verdict = judgeOffer(action, vm, live?.provider.capabilities ?? null);
      const reason = verdict?.reason ?? (mayChange ? null : 'This needs the role OPERATOR.');
      return { action, allowed: reason === null, reason };
    });
  }
}
