import type { BackendDirectory } from '../backends';
import { toConnection, toPage } from '../graphql';
import type { Connection, PageArgs } from '../graphql';
import type { TenantScope } from '../kernel';
import type { LabelFilter, VmFilter, VmOrder } from './vm-input.type';
import type { VmPage, VmQuery, VmStore } from './vm.store';
import { toVmType } from './vm.type';
import type { VmType } from './vm.type';

interface Key {
  readonly id: string;
  readonly value: string | number | null;
}

function storeKey(key: Key | null): VmPage['after'] {
  return key && { id: key.id, value: key.value === null ? null : String(key.value) };
}

function toLabelQuery(label: LabelFilter | null | undefined): VmQuery['label'] {
  return label ? { name: label.name, value: label.value ?? undefined } : undefined;
}

/** The filter of the API in the store's words. @throws NOT_FOUND for an unknown backend */
export function toVmQuery(filter: VmFilter | null | undefined, backends: BackendDirectory): VmQuery {
  if (!filter) return {};
  const { name, status, backend, tenantId, templateId, networkId, label } = filter;
  return {
    name: name ?? undefined,
    statuses: status ?? undefined,
    backendId: backend ? backends.resolveId(backend, 'filter.backend') : undefined,
    tenantId: tenantId ?? undefined,
    templateId: templateId ?? undefined,
    networkId: networkId ?? undefined,
    label: toLabelQuery(label),
  };
}

/** A page of VMs. @throws INVALID_ARGUMENT for bad page arguments and for a cursor of another order */
export async function vmPage(
  store: VmStore,
  scope: TenantScope,
  query: VmQuery,
  args: PageArgs,
  orderBy: VmOrder | null,
): Promise<Connection<VmType>> {
  const field = orderBy?.field ?? 'CREATED_AT';
  const direction = orderBy?.direction ?? 'ASC';
  const order = `${field}-${direction}`;
  const page = toPage(args, order);
  const { reader } = store.database;
  const rows = await store.list(reader, scope, query, {
    orderBy: field,
    descending: direction === 'DESC',
    limit: page.limit + 1,
    after: storeKey(page.after),
    before: storeKey(page.before),
    backward: page.backward,
  });
  return toConnection({
    rows,
    page,
    order,
    keyOf: (vm) => ({ id: vm.id, value: field === 'NAME' ? vm.name : null }),
    toNode: toVmType,
    totalCount: () => store.count(reader, scope, query),
  });
}
