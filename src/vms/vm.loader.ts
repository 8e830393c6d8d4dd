import DataLoader from 'dataloader';
import { LoaderKey, requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import type { Label, Vm, VmNic } from './vm';
import type { VmStore } from './vm.store';

const VM_BY_ID = new LoaderKey<DataLoader<string, Vm | null>>('vmById');
const NICS_BY_VM = new LoaderKey<DataLoader<string, VmNic[]>>('nicsByVm');
const LABELS_BY_VM = new LoaderKey<DataLoader<string, Label[]>>('labelsByVm');

/** VMs by id, as far as the caller may see them. */
export function vmLoader(context: RequestContext, store: VmStore): DataLoader<string, Vm | null> {
  return context.loader(
    VM_BY_ID,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await store.findMany(store.database.reader, requireScope(context), ids);
        const byId = new Map(found.map((vm) => [vm.id, vm]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
  );
}

function grouped<T extends { readonly vmId: string }>(ids: readonly string[], rows: readonly T[]): T[][] {
  const byVm = new Map<string, T[]>(ids.map((id) => [id, []]));
  for (const row of rows) byVm.get(row.vmId)?.push(row);
  return ids.map((id) => byVm.get(id) ?? []);
}

/** The network cards of VMs that the caller was allowed to see. */
export function nicLoader(context: RequestContext, store: VmStore): DataLoader<string, VmNic[]> {
  return context.loader(
    NICS_BY_VM,
    () =>
      new DataLoader(async (ids: readonly string[]) =>
        grouped(ids, await store.nicsOf(store.database.reader, ids)),
      ),
  );
}

/** The labels of VMs that the caller was allowed to see. */
export function labelLoader(context: RequestContext, store: VmStore): DataLoader<string, Label[]> {
  return context.loader(
    LABELS_BY_VM,
    () =>
      new DataLoader(async (ids: readonly string[]) =>
        grouped(ids, await store.labelsOf(store.database.reader, ids)),
      ),
  );
}
