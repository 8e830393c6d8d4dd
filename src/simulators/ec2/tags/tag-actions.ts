import { ApiError, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { readFilters } from '../model/filters';
import { ID_RULES, find } from '../model/ids';
import type { NamedKind } from '../model/ids';
import { pageOf } from '../model/pages';
import type { Records, Stored, Tag } from '../model/records';
import type { Table } from '../model/table';
import type { World } from '../model/world';
import { limited, readTags } from './tag-specifications';

interface Tagged extends Stored {
  readonly resourceType: NamedKind;
  readonly resourceId: string;
  readonly tag: Tag;
}

const KINDS = Object.keys(ID_RULES) as readonly NamedKind[];

export function tagActions(world: World): Actions {
  return {
    CreateTags: (parameters) => {
      const tags = readTags(parameters);
      if (tags.length === 0) throw missingParameter('Tag');
      retag(world, parameters, (old) => {
        const kept = old.filter(({ key }) => !tags.some((tag) => tag.key === key));
        return limited([...kept, ...tags]);
      });
      return { return: true };
    },
    DeleteTags: (parameters) => {
      const doomed = parameters
        .structs('Tag')
        .map((tag) => ({ key: tag.required('Key'), value: tag.text('Value') }));
      const isDoomed = (tag: Tag): boolean =>
        doomed.length === 0 ||
        doomed.some(({ key, value }) => key === tag.key && (value === null || value === tag.value));
      retag(world, parameters, (old) => old.filter((tag) => !isDoomed(tag)));
      return { return: true };
    },
    DescribeTags: (parameters) => describeTags(world, parameters),
  };
}

function retag(world: World, parameters: Parameters, change: (tags: readonly Tag[]) => readonly Tag[]): void {
  const ids = parameters.list('ResourceId');
  if (ids.length === 0) throw missingParameter('ResourceId');
  for (const id of ids) {
    const kind = kindOf(id);
    const record = find(world, kind, id);
    const table = world.tables[kind] as Table<Stored>;
    table.put({ ...record, tags: change(record.tags) }, world.now());
  }
}

function kindOf(id: string): NamedKind {
  const kind = KINDS.find((one) => id.startsWith(`${ID_RULES[one].prefix}-`));
  if (kind === undefined) throw new ApiError('InvalidID', `The ID '${id}' is not valid`);
  return kind;
}

function describeTags(world: World, parameters: Parameters): XmlObject {
  const passes = readFilters<Tagged>(parameters, {
    key: ({ tag }) => tag.key,
    value: ({ tag }) => tag.value,
    'resource-id': ({ resourceId }) => resourceId,
    'resource-type': ({ resourceType }) => resourceType,
  });
  const tagged = KINDS.flatMap((kind) => taggedOf(world, kind)).sort(
    (one, other) => one.sequence - other.sequence,
  );
  // Numbered by record and tag, so that a page may end between two tags of a record.
  const numbered = tagged.map((one) => ({
    ...one,
    sequence: one.sequence * 100 + one.tags.indexOf(one.tag),
  }));
  const { items, nextToken } = pageOf(numbered.filter(passes), parameters, false);
  return {
    tagSet: items.map(({ resourceId, resourceType, tag }) => ({ resourceId, resourceType, ...tag })),
    nextToken,
  };
}

function taggedOf(world: World, kind: NamedKind): readonly Tagged[] {
  const records = world.tables[kind].allSeen() as readonly Records[NamedKind][];
  return records.flatMap((record) =>
    record.tags.map((tag) => ({
      id: record.id,
      sequence: record.sequence,
      due: null,
      tags: record.tags,
      resourceType: kind,
      resourceId: record.id,
      tag,
    })),
  );
}
