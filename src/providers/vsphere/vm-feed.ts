import type { BackendEvent, CallContext } from '../contract';
import { mayBeOurs } from './identity';
import { readVms } from './list-vms';
import { observe } from './map-vm';
import type { Vcenter } from './vcenter';

/**
 * Turns hints that a VM has changed into observations of it. Hints that come while it is being read are answered by one
 * more read, so that the last observation is of after the last hint.
 */
export class VmFeed {
  /** VMs that may be ours by their instance UUID: nobody wants to read the others. */
  private readonly candidates = new Set<string>();
  private readonly touched = new Set<string>();
  private flushing: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly vcenter: Vcenter,
    private readonly listener: (event: BackendEvent) => void,
    private readonly context: CallContext,
  ) {}

  /** @param uuid its instance UUID where that is news */
  enter(vm: string, uuid: string | undefined, isNews: boolean): void {
    if (mayBeOurs(uuid)) this.candidates.add(vm);
    else if (uuid !== undefined) this.candidates.delete(vm);
    if (isNews && this.candidates.has(vm)) this.touched.add(vm);
  }

  leave(vm: string): void {
    this.touched.delete(vm);
    if (this.candidates.delete(vm)) this.tell({ type: 'VM_GONE', externalId: vm });
  }

  /** By ourselves: it is read again even if the server never tells of the change. */
  touch(vm: string): void {
    if (!this.candidates.has(vm)) return;
    this.touched.add(vm);
    this.flush().catch((error: unknown) => {
      // The server's own feed meets the same trouble and starts over.
      this.vcenter.logger.debug({ err: error, vm }, 'vSphere: a changed VM could not be read.');
    });
  }

  /** Reads and tells of what was touched. */
  flush(): Promise<void> {
    this.flushing ??= this.drain().finally(() => {
      this.flushing = null;
    });
    return this.flushing;
  }

  close(): void {
    this.closed = true;
  }

  private async drain(): Promise<void> {
    while (this.touched.size > 0 && !this.closed) {
      const batch = [...this.touched];
      this.touched.clear();
      const refs = batch.map((value) => ({ type: 'VirtualMachine', value }) as const);
      for (const vm of await readVms(this.vcenter, refs, this.context)) {
        // One that left meanwhile was told to be gone, and stays so.
        const isShown = vm.ownership?.complete === true && this.candidates.has(vm.ref.value);
        if (isShown) this.tell({ type: 'VM_CHANGED', vm: observe(vm) });
      }
    }
  }

  private tell(event: BackendEvent): void {
    if (!this.closed) this.listener(event);
  }
}
