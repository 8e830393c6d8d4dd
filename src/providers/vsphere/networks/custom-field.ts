import { AppError } from '../../../kernel';
import type { CallContext } from '../../contract';
import type { MoRef, PropertyValue } from '../client';
import { isFault } from '../errors';
import { MARKER_KEY } from '../map-marker';
import type { Vcenter } from '../vcenter';

/** The key of our custom attribute, which is made where it is missing. */
export async function fieldKey(vcenter: Vcenter, context: CallContext): Promise<number> {
  const known = await findField(vcenter, context);
  if (known !== null) return known;
  const { client } = vcenter;
  const { customFieldsManager } = await client.content({ signal: context.signal });
  if (!customFieldsManager) throw unsupported();
  try {
    const params = { name: MARKER_KEY, moType: 'Network' };
    const made = await client.call('AddCustomFieldDef', customFieldsManager, params, {
      signal: context.signal,
    });
    return made.key;
  } catch (error) {
    if (!isFault(error, 'DuplicateName')) throw error;
    return (await findField(vcenter, context)) ?? Promise.reject(error);
  }
}

/** What the attribute of this network says; undefined when it says nothing. */
export async function fieldValue(
  vcenter: Vcenter,
  ref: MoRef<'Network'>,
  context: CallContext,
): Promise<string | undefined> {
  const valueOf = await fieldReader(vcenter, context);
  const read = await vcenter.client.read(ref, ['customValue'], { signal: context.signal });
  return valueOf(read?.customValue);
}

/** Tells what our attribute says among all of a network's; undefined when it says nothing. */
export async function fieldReader(
  vcenter: Vcenter,
  context: CallContext,
): Promise<(values: PropertyValue<'Network', 'customValue'> | undefined) => string | undefined> {
  const key = await findField(vcenter, context);
  return (values) => {
    const value = values?.find((one) => one.key === key);
    return value?.$type === 'CustomFieldStringValue' ? value.value : undefined;
  };
}

async function findField({ client }: Vcenter, { signal }: CallContext): Promise<number | null> {
  const { customFieldsManager } = await client.content({ signal });
  if (!customFieldsManager) return null;
  const manager = { type: 'CustomFieldsManager', value: customFieldsManager.value } as const;
  const read = await client.read(manager, ['field'], { signal });
  return read?.field?.find(({ name }) => name === MARKER_KEY)?.key ?? null;
}

function unsupported(): AppError {
  return new AppError('UNSUPPORTED', 'vSphere has no custom attributes here: use a distributed switch.');
}
