import type { MoRef, VimClient, VirtualMachineCloneSpec } from '../../../src/providers/vsphere/client';
import { until } from '../../support/until';

const GIB = 1024 ** 3;

type VmRef = MoRef<'VirtualMachine'>;

/** Another client of a vCenter, that changes things behind the gateway's back. */
export class VsphereIntruder {
  constructor(private readonly client: VimClient) {}

  async powerOff(vm: string): Promise<void> {
    await this.result(await this.client.call('PowerOffVM_Task', vmRef(vm), {}));
  }

  async rename(vm: string, newName: string): Promise<void> {
    await this.result(await this.client.call('Rename_Task', vmRef(vm), { newName }));
  }

  /** Powered off first where it runs. */
  async destroy(vm: string): Promise<void> {
    const read = await this.client.read(vmRef(vm), ['runtime.powerState']);
    if (read?.['runtime.powerState'] !== 'poweredOff') await this.powerOff(vm);
    await this.result(await this.client.call('Destroy_Task', vmRef(vm), {}));
  }

  /** The id of the clone. */
  async clone(
    origin: VmRef,
    folder: MoRef<'Folder'>,
    name: string,
    spec: VirtualMachineCloneSpec,
  ): Promise<string> {
    return this.result(await this.client.call('CloneVM_Task', origin, { folder, name, spec }));
  }

  /** A template with one disk of so many GiB, cloned from whatever VM with a disk there is. */
  async makeTemplate(name: string, diskGib: number): Promise<void> {
    const { client } = this;
    const { rootFolder } = await client.content();
    const [datacenter] = await client.listContained(rootFolder, 'Datacenter');
    const [cluster] = await client.listContained(rootFolder, 'ComputeResource');
    if (!datacenter || !cluster) throw new Error('There is no datacenter with a cluster.');
    const { vmFolder: folder } = (await client.read(datacenter, ['vmFolder'])) ?? {};
    const { resourcePool: pool } = (await client.read(cluster, ['resourcePool'])) ?? {};
    const [origin] = await client.listContained(rootFolder, 'VirtualMachine');
    if (!folder || !pool || !origin) throw new Error('There is no VM to make a template of.');
    const spec = { location: { pool }, template: false, powerOn: false };
    const made = vmRef(await this.clone(origin, folder, name, spec));
    await this.growDisk(made, diskGib);
    await client.call('MarkAsTemplate', made, {});
  }

  private async growDisk(vm: VmRef, diskGib: number): Promise<void> {
    const read = await this.client.read(vm, ['config.hardware.device']);
    const disk = read?.['config.hardware.device']?.find(({ $type }) => $type === 'VirtualDisk');
    if (disk?.$type !== 'VirtualDisk') throw new Error('The VM has no disk.');
    const bytes = diskGib * GIB;
    if ((disk.capacityInBytes ?? disk.capacityInKB * 1024) >= bytes) return;
    const device = { ...disk, capacityInKB: bytes / 1024, capacityInBytes: bytes };
    const change = { $type: 'VirtualDeviceConfigSpec', operation: 'edit', device } as const;
    const spec = { deviceChange: [change] };
    await this.result(await this.client.call('ReconfigVM_Task', vm, { spec }));
  }

  /** Waits for the end of a task; the id of what it made. */
  private async result(task: MoRef<'Task'>): Promise<string> {
    const read = async () => (await this.client.read(task, ['info']))?.info;
    const info = await until(
      read,
      (seen) => seen?.state === 'success' || seen?.state === 'error',
      30_000,
      20,
    );
    if (info?.state === 'error') throw new Error(`The task failed: ${JSON.stringify(info.error)}`);
    const made = info?.result;
    return typeof made === 'object' && made !== null && 'value' in made ? String(made.value) : '';
  }
}

function vmRef(value: string): VmRef {
  return { type: 'VirtualMachine', value };
}
