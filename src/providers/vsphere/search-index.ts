import { AppError } from '../../kernel';
import type { CallContext } from '../contract';
import type { MoRef } from './client';
import type { Vcenter } from './vcenter';

/** A child of a folder, a datacenter, a compute resource or a resource pool by its name. */
export async function findChild(
  vcenter: Vcenter,
  entity: MoRef,
  name: string,
  { signal }: CallContext,
): Promise<MoRef | null> {
  const index = await searchIndex(vcenter, signal);
  return vcenter.client.call('FindChild', index, { entity, name }, { signal });
}

/** The VM with this instance UUID. */
export async function findVmByUuid(
  vcenter: Vcenter,
  uuid: string,
  { signal }: CallContext,
): Promise<MoRef<'VirtualMachine'> | null> {
  const index = await searchIndex(vcenter, signal);
  const params = { uuid, vmSearch: true, instanceUuid: true };
  const found = await vcenter.client.call('FindByUuid', index, params, { signal });
  return found?.type === 'VirtualMachine' ? { type: 'VirtualMachine', value: found.value } : null;
}

async function searchIndex({ client }: Vcenter, signal: AbortSignal): Promise<MoRef> {
  const { searchIndex: index } = await client.content({ signal });
  if (!index) throw new AppError('UNSUPPORTED', 'vSphere has no search index here.');
  return index;
}
