import { FIELDS_OF_RETRY, isLeft } from '../allocations';
import { awaitListing, callContext, performOnBackend } from '../backends';
import type { Session } from '../database';
import { AppError, TenantScope } from '../kernel';
import type { VmObservation, VmSpec } from '../providers/contract';
import { Postponement, retryRefused } from '../tasks';
import type { StepContext, TaskEnd, Workflow, WorkflowStep } from '../tasks';
import { hostnameOf, vmStatus } from './vm';
import { recordObservation } from './vm-observation';
import { amountsOfVm, claimantOf, MAKING_STEP } from './vm-quota';
import { mutateVm, observeStep, vmSubject, vmToRetry } from './vm-workflow';
import type { VmSubject, VmTaskInput, VmWorkflowServices } from './vm-workflow';

export interface CreateVmTaskInput extends VmTaskInput {
  readonly powerOn: boolean;
  /** Absent in tasks of earlier versions, which did not tell. */
  readonly hasUserData?: boolean;
}

type Context = StepContext<CreateVmTaskInput>;
type Step = WorkflowStep<CreateVmTaskInput>;

const NETWORK_POLL_MS = 200;
/** After this long the VM lets others go ahead, for its networks' own tasks may be among them. */
const NETWORK_PATIENCE_MS = 3_000;
const NETWORK_POSTPONE_MS = 3_000;

interface CheckedImage {
  readonly imageExternalId: string;
}

interface ReadyNetworks {
  readonly externalIds: readonly string[];
}

function checkImage(services: VmWorkflowServices): Step {
  return {
    name: 'check-image',
    asks: ['resolve-image'],
    do: async (context: Context) => {
      const { vm, provider } = await vmSubject(services, context.input.vmId);
      const { templates } = services;
      const scope = TenantScope.system();
      const template = await templates.find(templates.database.reader, scope, vm.templateId);
      const realization = template?.realizations.find(({ backendId }) => backendId === vm.backendId);
      const image =
        realization &&
        (await context.ask('resolve-image', () =>
          provider.resolveImage(realization.imageRef, callContext(context)),
        ));
      if (!image)
        throw new AppError('FAILED_PRECONDITION', 'The template’s image is not on the backend any more.');
      if (image.minDiskGib > vm.diskGib) {
        const least = String(image.minDiskGib);
        throw new AppError('INVALID_ARGUMENT', `The template’s image needs a disk of at least ${least} GiB.`);
      }
      const output: CheckedImage = { imageExternalId: image.externalId };
      return { output };
    },
  };
}

/** A VM may be asked for together with its networks: it waits for them instead of refusing. */
function awaitNetworks(services: VmWorkflowServices): Step {
  return {
    name: 'await-networks',
    do: async (context: Context) => {
      const { store, networks } = services;
      const nics = await store.nicsOf(store.database.reader, [context.input.vmId]);
      const ids = nics.map(({ networkId }) => networkId);
      if (ids.length > 0) context.report(0, 'Waiting for the networks.');
      const patience = AbortSignal.timeout(NETWORK_PATIENCE_MS);
      for (;;) {
        const found = await networks.findMany(networks.database.reader, TenantScope.system(), ids);
        const byId = new Map(found.map((network) => [network.id, network]));
        const waiting = found.some(({ status }) => status === 'PROVISIONING');
        if (!waiting) {
          const externalIds = ids.map((id) => {
            const network = byId.get(id);
            if (network?.status === 'ACTIVE' && network.externalId !== null) return network.externalId;
            throw new AppError('FAILED_PRECONDITION', 'A network of the VM cannot be used.');
          });
          const output: ReadyNetworks = { externalIds };
          return { output };
        }
        if (patience.aborted) throw new Postponement('Waiting for the networks.', NETWORK_POSTPONE_MS);
        await context.rest(NETWORK_POLL_MS);
      }
    },
  };
}

async function vmSpec(services: VmWorkflowServices, context: Context, subject: VmSubject): Promise<VmSpec> {
  const { vm, marker } = subject;
  const { store } = services;
  const guest = await store.guestConfig(store.database.reader, vm.id);
  const labels = await store.labelsOf(store.database.reader, [vm.id]);
  const image = context.output<CheckedImage>('check-image');
  const networks = context.output<ReadyNetworks>('await-networks');
  if (!image || !networks) throw new AppError('INTERNAL', 'The task lost the output of an earlier step.');
  return {
    marker,
    name: vm.name,
    hostname: hostnameOf(vm.name),
    cpuCount: vm.cpuCount,
    memoryMib: vm.memoryMib,
    diskGib: vm.diskGib,
    imageExternalId: image.imageExternalId,
    networks: networks.externalIds.map((externalId) => ({ externalId })),
    userData: guest?.userData ?? null,
    sshKeys: guest?.sshKeys ?? [],
    labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
  };
}

function createOnBackend(services: VmWorkflowServices): Step {
  return {
    name: MAKING_STEP,
    weight: 5,
    acts: ['create', 'delete'],
    undoes: 'Removes the VM and its disks from the backend.',
    do: async (context: Context) => {
      const subject = await vmSubject(services, context.input.vmId);
      const spec = await vmSpec(services, context, subject);
      await awaitListing(context, subject.provider);
      const made = await performOnBackend<VmObservation>(context, subject.provider, 'create', (call) =>
        subject.provider.createVm(spec, call),
      );
      return { commit: (session) => recordObservation(services, session, subject.vm.id, made) };
    },
    undo: async (context: Context) => {
      const { vm, provider, ref } = await vmSubject(services, context.input.vmId);
      await awaitListing(context, provider, vm.externalId === null);
      await performOnBackend<null>(context, provider, 'delete', (call) => provider.deleteVm(ref, call));
      // The moment counts: what was observed before must not bring it back.
      const gone = { externalId: null, powerState: 'UNKNOWN', observedAt: Date.now() } as const;
      return {
        commit: async (session) => {
          await services.store.clearAddresses(session, vm.id);
          await services.store.update(session, vm.id, gone);
        },
      };
    },
  };
}

/** Clouds start what they create, hypervisors do not: either way the VM ends in the state that was asked for. */
function setPower(services: VmWorkflowServices): Step {
  return {
    name: 'set-power',
    weight: 2,
    acts: ['set-power'],
    do: (context: Context) =>
      mutateVm(services, context, 'set-power', ({ provider, ref }, call) =>
        context.input.powerOn ? provider.startVm(ref, call) : provider.stopVm(ref, 'FORCED', call),
      ),
  };
}

/**
 * What was made uses what it is; what was taken back, or never begun, is free again. Where cleaning up did not succeed
 * the VM may be there, and counts until it is deleted.
 */
async function settleQuota(
  { store, tasks, quotas }: VmWorkflowServices,
  session: Session,
  vmId: string,
  status: TaskEnd<unknown>['status'],
  taskId: string,
): Promise<void> {
  const vm = await store.lock(session, TenantScope.system(), vmId);
  if (!vm) return;
  const claimant = claimantOf(vm);
  // Deleted as a whole: what was queued behind it has nothing to hold for either.
  if (status === 'CANCELLED') return quotas.release(session, claimant);
  const steps = async () => (await tasks.stepsOf(session, [taskId])).get(taskId) ?? [];
  if (status === 'SUCCEEDED' || isLeft(await steps(), MAKING_STEP))
    await quotas.commit(session, claimant, taskId, amountsOfVm(vm));
  else await quotas.endHold(session, claimant, taskId);
}

/** Makes a VM from a template. Its undo removes whatever had come to be. */
export function createVmWorkflow(services: VmWorkflowServices): Workflow<CreateVmTaskInput> {
  return {
    operation: 'CREATE_VM',
    cancellableWhileRunning: true,
    deadlineMs: 30 * 60_000,
    steps: [
      checkImage(services),
      awaitNetworks(services),
      createOnBackend(services),
      setPower(services),
      observeStep(services),
    ],
    settle: async (session, { input, status, task }) => {
      const { store } = services;
      // A failed creation may be repeated: what is no secret is kept for that until the VM is deleted.
      if (status === 'FAILED') await store.forgetUserData(session, input.vmId);
      else await store.forgetGuestConfig(session, input.vmId);
      if (status === 'SUCCEEDED') await store.update(session, input.vmId, { lifecycle: 'ACTIVE' });
      else if (status === 'FAILED') await store.update(session, input.vmId, { lifecycle: 'ERROR' });
      else {
        const gone = { lifecycle: 'DELETED', deletedAt: task.endedAt } as const;
        await store.update(session, input.vmId, gone, 'DELETED');
      }
      await settleQuota(services, session, input.vmId, status, task.id);
    },
    retry: async (session, { input }) => {
      const vm = await vmToRetry(services, session, input.vmId);
      if (vm.lifecycle !== 'ERROR' || vm.externalId !== null) {
        throw retryRefused('OBJECT_STATE', `the VM is ${vmStatus(vm)}.`);
      }
      if (input.hasUserData !== false) {
        throw retryRefused(
          'USER_DATA_FORGOTTEN',
          'the user data was forgotten when it failed; make a new VM.',
        );
      }
      return {
        input,
        // What is made now carries the new task's id: a backend may remember the old one as used.
        queued: async (_, task) => {
          await services.store.update(session, vm.id, { lifecycle: 'PROVISIONING', createTaskId: task.id });
          await services.quotas.hold(session, claimantOf(vm), task.id, amountsOfVm(vm), FIELDS_OF_RETRY);
        },
      };
    },
  };
}
