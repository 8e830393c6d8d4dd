import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/until';
import { GatewayClient } from './gateway-client';
import { ADMIN_TOKEN, GatewayHome } from './gateway-process';
import type { GatewayConfig } from './gateway-process';
import { guestImage, PrivateLibvirtd } from './libvirtd';
import { Virsh } from './virsh';

export const TEMPLATE_VOLUME = 'guest.qcow2';

export interface LibvirtBackendOptions {
  /** Where the gateway finds the daemon; its own socket when absent. */
  readonly socketPath?: (daemon: PrivateLibvirtd) => string;
  readonly config?: Partial<GatewayConfig>;
}

/** A libvirtd with the tiny guest's image in the pool, and the folder of a gateway that has it for a backend. */
export class GatewayOnLibvirt {
  readonly virsh: Virsh;
  readonly administrator: GatewayClient;

  private constructor(
    readonly daemon: PrivateLibvirtd,
    readonly home: GatewayHome,
    private readonly config: GatewayConfig,
  ) {
    this.virsh = new Virsh(daemon);
    this.administrator = new GatewayClient(() => home.url, ADMIN_TOKEN);
  }

  static async make(options: LibvirtBackendOptions = {}): Promise<GatewayOnLibvirt> {
    const daemon = await PrivateLibvirtd.start();
    try {
      const poolPath = join(daemon.directory, 'pool');
      await mkdir(poolPath);
      await copyFile(await guestImage(), join(poolPath, TEMPLATE_VOLUME));
      const socket = options.socketPath?.(daemon) ?? daemon.socketPath;
      const uri = `qemu+unix:///system?socket=${socket}`;
      // KVM may be offered and guests still hang on it.
      const libvirt = { accelerator: 'tcg', poolPath, uri };
      const backends = [{ name: 'lab', kind: 'libvirt', location: 'INTERNAL', ...libvirt }];
      const config = { backends, ...options.config };
      return new GatewayOnLibvirt(daemon, await GatewayHome.make(config), config);
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  /** The folder of one more gateway with the same configuration; the caller removes it. */
  replica(): Promise<GatewayHome> {
    return GatewayHome.make(this.config);
  }

  /** Everything on the daemon but the template. */
  async leftovers(): Promise<string[]> {
    const { virsh } = this;
    return [
      ...(await virsh.domains()).map((name) => `domain ${name}`),
      ...(await virsh.networks()).map((name) => `network ${name}`),
      ...(await virsh.volumes()).filter((name) => name !== TEMPLATE_VOLUME).map((name) => `volume ${name}`),
    ];
  }

  /** Waits for what the gateway says of its backend. */
  async backendIs(status: 'ONLINE' | 'OFFLINE', timeoutMs = 60_000): Promise<void> {
    const ask = async (): Promise<string> => {
      const { backends } = await this.administrator.request('{ backends { status } }');
      return backends[0].status as string;
    };
    await until(ask, (answer) => answer === status, timeoutMs, 100);
  }

  async remove(): Promise<void> {
    await this.home.remove();
    await this.daemon.stop();
  }
}
