import { moRef } from '../../../src/simulators/vsphere/vim/values';
import type { MoRef } from '../../../src/simulators/vsphere/vim/values';
import { child, childrenOf, textOf } from './soap-client';
import type { Answer, SoapClient } from './soap-client';
import { filterSpec, objectSet, propSet, refXml, traversal } from './specs';

/** What one wait told, put into plain values. */
export interface Told {
  readonly version: string;
  readonly truncated: boolean;
  readonly updates: readonly ToldUpdate[];
}

export interface ToldUpdate {
  readonly kind: string | null;
  readonly id: string;
  readonly changes: Readonly<Record<string, string | null>>;
  readonly missing: readonly (string | null)[];
}

/** A collector of its own, and the version that it has come to. */
export class UpdateClient {
  version = '';

  private constructor(
    private readonly client: SoapClient,
    readonly collector: readonly [string, string],
  ) {}

  static async open(client: SoapClient): Promise<UpdateClient> {
    const [ref] = await client.call('CreatePropertyCollector', ['PropertyCollector', 'propertyCollector']);
    return new UpdateClient(client, ['PropertyCollector', ref!.text]);
  }

  async filter(...parts: readonly string[]): Promise<MoRef> {
    const [ref] = await this.client.call('CreateFilter', this.collector, filterSpec(...parts));
    return moRef('PropertyFilter', ref!.text);
  }

  /** A filter over the VMs below a container. */
  async watchVms(container: MoRef, paths: readonly string[]): Promise<MoRef> {
    const args = `${refXml('container', container)}<type>VirtualMachine</type><recursive>true</recursive>`;
    const [view] = await this.client.call('CreateContainerView', ['ViewManager', 'ViewManager'], args);
    const viewRef = moRef('ContainerView', view!.text);
    await this.filter(
      propSet('VirtualMachine', paths),
      objectSet(viewRef, traversal('ContainerView', 'view'), true),
    );
    return viewRef;
  }

  /** Null after a time without news. */
  async wait(options: { seconds?: number; max?: number; version?: string } = {}): Promise<Told | null> {
    const { seconds = 20, max = 1_000, version = this.version } = options;
    const limits = `<maxWaitSeconds>${seconds}</maxWaitSeconds><maxObjectUpdates>${max}</maxObjectUpdates>`;
    const args = `<version>${version}</version><options>${limits}</options>`;
    const [set] = await this.client.call('WaitForUpdatesEx', this.collector, args);
    if (!set) return null;
    const told = readUpdates(set);
    this.version = told.version;
    return told;
  }
}

export function readUpdates(set: Answer): Told {
  const objects = childrenOf(set, 'filterSet').flatMap((one) => childrenOf(one, 'objectSet'));
  return {
    version: textOf(set, 'version') ?? '',
    truncated: textOf(set, 'truncated') === 'true',
    updates: objects.map((object) => ({
      kind: textOf(object, 'kind'),
      id: child(object, 'obj').text,
      changes: Object.fromEntries(
        childrenOf(object, 'changeSet').map((one) => [textOf(one, 'name')!, textOf(one, 'val')]),
      ),
      missing: childrenOf(object, 'missingSet').map((one) => textOf(one, 'path')),
    })),
  };
}
