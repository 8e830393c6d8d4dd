import { silentLogger } from '../../../src/kernel';
import type { HypervisorProvider } from '../../../src/providers/contract';
import type { LibvirtClient, VolumeRef } from '../../../src/providers/libvirt/client';
import type { LibvirtConfig } from '../../../src/providers/libvirt/config';
import { openHost } from '../../../src/providers/libvirt/host';
import { LibvirtProvider } from '../../../src/providers/libvirt/provider';
import { RequestGate } from '../../../src/providers/contract';

/** What happens at a call of the client, before it is made. */
export type BeforeCall = (name: string, index: number) => Promise<void> | void;

export class Died extends Error {}

const GROUPS: readonly string[] = ['host', 'domains', 'networks', 'pools', 'volumes'];

/**
 * A provider whose process dies around one call to the daemon: the call with number `at` is still made (`AFTER`) or
 * not any more (`BEFORE`), or an upload stops in its middle; nothing that comes later is ever made.
 */
export class DyingProvider {
  readonly calls: string[] = [];
  readonly provider: HypervisorProvider;
  private dead = false;
  private readonly client: LibvirtClient;

  constructor(
    config: LibvirtConfig,
    private readonly at: number,
    private readonly when: 'BEFORE' | 'AFTER',
    private readonly beforeCall: BeforeCall = () => undefined,
  ) {
    const host = openHost(config, silentLogger, new RequestGate());
    this.client = host.client;
    this.provider = new LibvirtProvider({ ...host, client: this.wrapped(host.client) });
  }

  get died(): boolean {
    return this.dead;
  }

  close(): void {
    this.client.close();
  }

  private wrapped(client: LibvirtClient): LibvirtClient {
    return new Proxy(client, {
      get: (target, group) => {
        const part: unknown = Reflect.get(target, group);
        return typeof group === 'string' && GROUPS.includes(group)
          ? this.wrappedGroup(group, part as object)
          : part;
      },
    });
  }

  private wrappedGroup(group: string, part: object): unknown {
    return new Proxy(part, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function' || name === 'download') return method;
        return (...args: unknown[]): Promise<unknown> => {
          const make = (): Promise<unknown> => Reflect.apply(method, target, args) as Promise<unknown>;
          return this.pass(
            `${group}.${String(name)}`,
            name === 'upload' ? () => this.uploadHalf(args, make) : make,
          );
        };
      },
    });
  }

  private async pass(name: string, make: () => Promise<unknown>): Promise<unknown> {
    if (this.dead) throw new Died(name);
    const index = this.calls.push(name) - 1;
    await this.beforeCall(name, index);
    if (index === this.at && this.when === 'BEFORE') this.die(name);
    try {
      return await make();
    } finally {
      // Whatever was answered, nobody hears it.
      if (index === this.at) this.die(name);
    }
  }

  private async uploadHalf(args: readonly unknown[], make: () => Promise<unknown>): Promise<unknown> {
    if (this.calls.length - 1 !== this.at) return make();
    const [volume, [content]] = args as [VolumeRef, [Buffer]];
    return this.client.volumes.upload(volume, [content.subarray(0, content.length / 2)]);
  }

  private die(name: string): never {
    this.dead = true;
    throw new Died(name);
  }
}
