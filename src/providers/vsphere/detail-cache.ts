import type { VmDetails } from './map-vm';

/**
 * Details of VMs by the version of their configuration, so that a listing asks for kilobytes of devices only of VMs that
 * have changed. A server that gives configurations no version is asked each time.
 */
export class DetailCache {
  private readonly entries = new Map<string, { readonly version: string; readonly details: VmDetails }>();

  get(vm: string, version: string | undefined): VmDetails | null {
    const entry = this.entries.get(vm);
    return entry !== undefined && entry.version === version ? entry.details : null;
  }

  put(vm: string, version: string | undefined, details: VmDetails): void {
    if (version !== undefined && version !== '') this.entries.set(vm, { version, details });
  }

  /** Forgets VMs that are no longer in the inventory. */
  keepOnly(vms: ReadonlySet<string>): void {
    for (const vm of this.entries.keys()) if (!vms.has(vm)) this.entries.delete(vm);
  }
}
