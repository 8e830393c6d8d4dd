import DataLoader from 'dataloader';
import { idLoader, LoaderKey } from '../graphql';
import type { IdLoader, RequestContext } from '../graphql';
import type { Label, Vm, VmNic } from './vm';
import type { VmStore } from './vm.store';

const VM_BY_ID = new LoaderKey<IdLoader<Vm>>('vmById');
const NICS_BY_VM = new LoaderKey<DataLoader<string, VmNic[]>>('nicsByVm');
const LABELS_BY_VM = new LoaderKey<DataLoader<string, Label[]>>('labelsByVm');

/** VMs by id, as far as the caller may see them. */
export function vmLoader(context: RequestContext, store: VmStore): IdLoader<Vm> {
  return idLoader(context, VM_BY_ID, (scope, ids) => store.findMany(store.database.reader, scope, ids));
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
