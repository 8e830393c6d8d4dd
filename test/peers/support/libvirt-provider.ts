import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, newId, silentLogger } from '../../../src/kernel';
import type {
  CallContext,
  HypervisorProvider,
  Marker,
  NetworkSpec,
  Outcome,
  VmRef,
  VmSpec,
} from '../../../src/providers/contract';
import { libvirtProvider } from '../../../src/providers/libvirt';
import { LibvirtClient } from '../../../src/providers/libvirt/client';
import { guestImage, PrivateLibvirtd } from './libvirtd';
import { RequestGate } from '../../../src/providers/contract';

export const INSTALLATION = 'installation-under-test';
export const IMAGE = 'guest.qcow2';

/** A daemon with the tiny guest's image in its pool, and what a provider leaves on it. */
export class ProviderStage {
  private readonly providers: HypervisorProvider[] = [];
  private readonly images = new Set([IMAGE]);

  private constructor(
    readonly daemon: PrivateLibvirtd,
    /** Looks at the backend past the provider. */
    readonly client: LibvirtClient,
  ) {}

  static async open(): Promise<ProviderStage> {
    const daemon = await PrivateLibvirtd.start();
    const stage = new ProviderStage(daemon, new LibvirtClient({ uri: daemon.uri() }));
    const context = callContext();
    // Makes the pool.
    await stage.provider().resolveImage(IMAGE, context);
    await copyFile(await guestImage(), join(stage.poolPath, IMAGE));
    return stage;
  }

  get poolPath(): string {
    return join(this.daemon.directory, 'pool');
  }

  provider(config: Readonly<Record<string, unknown>> = {}): HypervisorProvider {
    const parsed = libvirtProvider.configSchema.parse({
      uri: this.daemon.uri(),
      // KVM may be offered and guests still hang on it.
      accelerator: 'tcg',
      poolPath: this.poolPath,
      ...config,
    });
    const provider = libvirtProvider.create(parsed, {
      backendName: 'peer',
      logger: silentLogger,
      requests: new RequestGate(),
    });
    this.providers.push(provider);
    return provider;
  }

  /** An image without content, of whole GiB. */
  async addEmptyImage(name: string, sizeGib: number): Promise<void> {
    const pool = await this.client.pools.lookupByName('hypergate');
    const target = `<target><format type='qcow2'/></target>`;
    const xml = `<volume><name>${name}</name><capacity unit='GiB'>${sizeGib}</capacity>${target}</volume>`;
    await this.client.volumes.createXml(pool, xml);
    this.images.add(name);
  }

  /** Names of everything on the daemon but the images. */
  async leftovers(): Promise<string[]> {
    const [domains, networks, pools] = await Promise.all([
      this.client.domains.listAll(),
      this.client.networks.listAll(),
      this.client.pools.listAll(),
    ]);
    const volumes = await Promise.all(
      pools.map(async (pool) => {
        await this.client.pools.refresh(pool);
        return this.client.volumes.listAll(pool);
      }),
    );
    return [
      ...domains.map((domain) => `domain ${domain.name}`),
      ...networks.map((network) => `network ${network.name}`),
      ...pools.filter((pool) => pool.name !== 'hypergate').map((pool) => `pool ${pool.name}`),
      ...volumes
        .flat()
        .filter((volume) => !this.images.has(volume.name))
        .map((volume) => `volume ${volume.name}`),
    ];
  }

  async close(): Promise<void> {
    for (const provider of this.providers) await provider.close();
    this.client.close();
    await this.daemon.stop();
  }
}

export interface RecordedContext extends CallContext {
  readonly progress: { readonly percent: number; readonly message: string }[];
}

export function callContext(signal: AbortSignal = AbortSignal.timeout(120_000)): RecordedContext {
  const progress: RecordedContext['progress'] = [];
  const reportProgress = (percent: number, message: string): void => void progress.push({ percent, message });
  return { signal, logger: silentLogger, reportProgress, progress };
}

export function newMarker(noun: 'vm' | 'network'): Marker {
  return {
    installationId: INSTALLATION,
    tenantId: newId('tenant'),
    objectId: newId(noun),
    operationId: newId('task'),
  };
}

export function vmSpec(change: Partial<VmSpec> & { readonly imageExternalId: string }): VmSpec {
  return {
    marker: newMarker('vm'),
    name: 'web & "co" ]]>',
    hostname: 'web-1',
    cpuCount: 1,
    memoryMib: 128,
    diskGib: 1,
    networks: [],
    userData: null,
    sshKeys: [],
    labels: { tier: 'front' },
    ...change,
  };
}

export function networkSpec(change: Partial<NetworkSpec> = {}): NetworkSpec {
  return { marker: newMarker('network'), name: 'back end', mode: 'NAT', cidr: '10.91.0.0/24', ...change };
}

export function refOf(spec: { readonly marker: Marker }, externalId = ''): VmRef {
  return { externalId, marker: spec.marker };
}

export async function doneOf<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const answer = await outcome;
  if (answer.state !== 'DONE') throw new Error(`expected DONE, got ${answer.state}`);
  return answer.value;
}

/** The code of the error that a call ends with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error.code;
  throw error;
}

/** Asks until the answer is as wanted. */
export async function until<T>(
  ask: () => Promise<T> | T,
  wanted: (value: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
