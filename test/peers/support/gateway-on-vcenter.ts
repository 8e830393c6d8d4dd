import { VimClient } from '../../../src/providers/vsphere/client';
import type { PropertiesOf } from '../../../src/providers/vsphere/client';
import { until } from '../../support/until';
import { GatewayClient } from './gateway-client';
import { ADMIN_TOKEN, GatewayHome } from './gateway-process';
import type { GatewayConfig } from './gateway-process';
import { MortalVcenter } from './mortal-vcenter';
import type { MortalVcenterOptions } from './mortal-vcenter';

/** One of the templates that every simulated vCenter has. */
export const TEMPLATE = 'tiny';

const PATHS = ['name', 'config.template', 'runtime.powerState', 'recentTask'] as const;

export type SeenVm = PropertiesOf<'VirtualMachine', (typeof PATHS)[number]>;

/** A simulated vCenter, the folder of a gateway that has it for a backend, and another client of it. */
export class GatewayOnVcenter {
  readonly administrator: GatewayClient;
  readonly client: VimClient;

  private constructor(
    readonly vcenter: MortalVcenter,
    readonly home: GatewayHome,
    private readonly config: GatewayConfig,
  ) {
    this.administrator = new GatewayClient(() => home.url, ADMIN_TOKEN);
    const { url, username, password } = vcenter;
    this.client = new VimClient({ url, username, password, callTimeoutMs: 10_000 });
  }

  static async make(
    options: MortalVcenterOptions,
    change: Partial<GatewayConfig> = {},
  ): Promise<GatewayOnVcenter> {
    const vcenter = await MortalVcenter.make(options);
    const { url, username, password } = vcenter;
    const access = { url, username, password, callTimeoutMs: 10_000 };
    const backends = [{ name: 'dc', kind: 'vsphere', location: 'INTERNAL', ...access }];
    const config = { backends, ...change };
    return new GatewayOnVcenter(vcenter, await GatewayHome.make(config), config);
  }

  /** The folder of one more gateway with the same configuration, but for the change; the caller removes it. */
  replica(change: Partial<GatewayConfig> = {}): Promise<GatewayHome> {
    return GatewayHome.make({ ...this.config, ...change });
  }

  /** Everything in the inventory but the templates, finished or not. */
  async vms(): Promise<SeenVm[]> {
    const { rootFolder } = await this.client.content();
    const vms: SeenVm[] = [];
    for await (const { properties } of this.client.retrieveContained(rootFolder, 'VirtualMachine', PATHS))
      if (properties['config.template'] !== true) vms.push(properties);
    return vms;
  }

  /** Powers a VM on behind the gateway's back. @param name a part of its name that no other has */
  async powerOnBehindBack(name: string): Promise<void> {
    const { rootFolder } = await this.client.content();
    const refs = await this.client.listContained(rootFolder, 'VirtualMachine');
    const seen = await this.client.readMany(refs, ['name']);
    const ref = refs.find(({ value }) => seen.get(value)?.name?.includes(name));
    if (!ref) throw new Error(`There is no VM ${name}.`);
    await this.client.call('PowerOnVM_Task', ref, {});
  }

  /** The tasks of that description, for example `VirtualMachine.clone`, that VMs name which are no templates. */
  async taskKeys(descriptionId: string): Promise<string[]> {
    const refs = (await this.vms()).flatMap(({ recentTask = [] }) => recentTask);
    const tasks = await this.client.readMany(
      refs.map(({ value }) => ({ type: 'Task' as const, value })),
      ['info.descriptionId'],
    );
    return [...tasks].filter(([, seen]) => seen['info.descriptionId'] === descriptionId).map(([key]) => key);
  }

  /** Waits until the task has ended well. */
  async taskEnd(value: string): Promise<void> {
    const state = async () =>
      (await this.client.read({ type: 'Task', value }, ['info.state']))?.['info.state'];
    await until(state, (seen) => seen === 'success', 30_000);
  }

  /** Waits for what the gateway says of its backend. */
  async backendIs(status: 'ONLINE' | 'OFFLINE'): Promise<void> {
    const ask = async (): Promise<string> => {
      const { backends } = await this.administrator.request('{ backends { status } }');
      return backends[0].status as string;
    };
    await until(ask, (answer) => answer === status, 60_000, 50);
  }

  async remove(): Promise<void> {
    await this.client.close();
    await this.home.remove();
    await this.vcenter.remove();
  }
}
