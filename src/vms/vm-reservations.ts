import { livingReservations } from '../allocations';
import type { Amounts, QuotaKey, Reservation, ReservationSource } from '../allocations';
import type { Session } from '../database';
import type { Task, TaskStore } from '../tasks';
import type { ResizeVmTaskInput } from './resize-vm.workflow';
import type { Vm } from './vm';
import { amountsOfResize, amountsOfVm, MAKING_STEP } from './vm-quota';
import type { VmStore } from './vm.store';

/** What the VMs on record take, for the recount. */
export class VmReservations implements ReservationSource {
  constructor(
    private readonly store: VmStore,
    private readonly tasks: TaskStore,
  ) {}

  keys(session: Session): Promise<QuotaKey[]> {
    return this.store.tenantsAndBackends(session);
  }

  async reservations(session: Session, key: QuotaKey): Promise<Reservation[]> {
    const vms = await this.store.livingOf(session, key);
    const objects = vms.map((vm) => ({ ...vm, amounts: amountsOfVm(vm) }));
    return livingReservations(session, this.tasks, key, objects, {
      creation: 'CREATE_VM',
      makingStep: MAKING_STEP,
      heldBy: (...openTask) => this.heldBy(...openTask),
    });
  }

  private async heldBy(session: Session, task: Task, vm: Vm): Promise<Amounts | null> {
    if (task.operation !== 'RESIZE_VM') return null;
    // Written by this noun's own service.
    const { holds, size } = (await this.tasks.inputOf(session, task.id)) as ResizeVmTaskInput;
    return holds ?? amountsOfResize(vm, size);
  }
}
