import { silentLogger } from '../../../src/kernel';
import { RequestGate, unwatchedCall } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import type { ProviderKind } from '../../../src/providers/registry';
import type { BackendVm } from '../evidence';

/** What a provider lists of an installation: for backends that cannot be looked into from behind. */
export async function listedBy(
  kind: ProviderKind,
  config: object,
  installationId: string,
): Promise<readonly BackendVm[]> {
  const environment = { backendName: kind, logger: silentLogger, requests: new RequestGate() };
  const provider = createProvider(kind, config, environment);
  const call = unwatchedCall(new AbortController().signal, silentLogger);
  const found: BackendVm[] = [];
  try {
    let pageToken: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof provider.listVms>> = await provider.listVms(
        { installationId, pageToken },
        call,
      );
      for (const { externalId, marker } of page.items) {
        found.push({ backend: kind, externalId, objectId: marker?.objectId ?? null });
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
    return found;
  } finally {
    await provider.close();
  }
}
