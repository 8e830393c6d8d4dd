import { ApiError, invalidValue, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlValue } from '../wire/xml';
import type { Tag } from '../model/records';

const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;

/** `Tag.N` of a request or of a structure in it. */
export function readTags(parameters: Parameters): readonly Tag[] {
  const tags = parameters.structs('Tag').map((tag) => {
    const key = tag.text('Key');
    if (key === null || key === '') throw missingParameter(tag.fullName('Key'));
    return checked({ key, value: tag.text('Value') ?? '' });
  });
  const keys = new Set(tags.map(({ key }) => key));
  if (keys.size < tags.length) {
    throw new ApiError('InvalidParameterValue', 'Duplicate tag keys are not allowed.');
  }
  return limited(tags);
}

function checked(tag: Tag): Tag {
  if (tag.key.toLowerCase().startsWith('aws:')) {
    throw invalidValue('Tag', tag.key, 'Tag keys starting with "aws:" are reserved for internal use');
  }
  if ([...tag.key].length > MAX_KEY) {
    throw invalidValue('Tag', tag.key, `Tag keys have at most ${MAX_KEY} characters`);
  }
  if ([...tag.value].length > MAX_VALUE) {
    throw invalidValue('Tag', tag.value, `Tag values have at most ${MAX_VALUE} characters`);
  }
  return tag;
}

export function limited(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MAX_TAGS) {
    throw new ApiError('TagLimitExceeded', `The maximum number of tags for a resource is ${MAX_TAGS}`);
  }
  return tags;
}

/**
 * `TagSpecification.N`: what is to be on the new objects from the beginning.
 * @param types the types of resources that the action makes
 */
export function readTagSpecifications<Type extends string>(
  parameters: Parameters,
  types: readonly Type[],
): (type: Type) => readonly Tag[] {
  const found = new Map<Type, readonly Tag[]>();
  for (const specification of parameters.structs('TagSpecification')) {
    const name = specification.required('ResourceType');
    const type = types.find((one) => one === name);
    if (type === undefined) {
      throw new ApiError(
        'InvalidParameterValue',
        `'${name}' is not a valid taggable resource type for this operation.`,
      );
    }
    found.set(type, limited([...(found.get(type) ?? []), ...readTags(specification)]));
  }
  return (type) => found.get(type) ?? [];
}

/** Null, which leaves the element out, when there are none. */
export function tagSet(tags: readonly Tag[]): XmlValue | null {
  return tags.length === 0 ? null : tags.map(({ key, value }) => ({ key, value }));
}
