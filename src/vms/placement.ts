import type { BackendDirectory, LiveBackend } from '../backends';
import { AppError, invalidArgument } from '../kernel';
import type { Template } from '../templates';

export interface PlacementRequest {
  readonly template: Template;
  readonly memoryMib: number;
  /** The backends of the networks that it is to be on: at most one, or it cannot be placed. */
  readonly networkBackendIds: readonly string[];
}

/**
 * Chooses the backend for a VM that names none: of those that the template is realized on, that its networks are on and
 * that are online, the one with the most free memory; one that does not tell comes last.
 * @throws INVALID_ARGUMENT when the networks rule out every backend, UNAVAILABLE when none is online,
 *   RESOURCE_EXHAUSTED when none has the memory
 */
export function place(backends: BackendDirectory, request: PlacementRequest): LiveBackend {
  const { template, networkBackendIds, memoryMib } = request;
  const possible = backends
    .allLive()
    .filter(({ backend }) => template.realizations.some(({ backendId }) => backendId === backend.id))
    .filter(({ backend }) => networkBackendIds.every((id) => id === backend.id));
  if (possible.length === 0) {
    throw invalidArgument('input.networkIds', 'no backend has both the template and all of these networks.');
  }
  const freeMib = ({ backend }: LiveBackend): number | null =>
    backends.healthOf(backend.id).probe?.capacity.freeMemoryMib ?? null;
  const online = possible.filter(({ backend }) => backends.healthOf(backend.id).status === 'ONLINE');
  if (online.length === 0) {
    throw new AppError('UNAVAILABLE', 'No backend that could take the VM can be reached.');
  }
  const [best] = online
    .filter((live) => (freeMib(live) ?? memoryMib) >= memoryMib)
    .sort((a, b) => (freeMib(b) ?? -1) - (freeMib(a) ?? -1));
  if (!best) {
    throw new AppError('RESOURCE_EXHAUSTED', 'No backend has enough free memory for the VM.', {
      details: { field: 'input.memoryMib', requested: memoryMib },
    });
  }
  return best;
}
