import type { Database, Session } from '../database';
import { nounOfId, TenantScope } from '../kernel';
import type { IdNoun } from '../kernel';
import type { Marker } from '../providers/contract';
import type { TaskStore } from '../tasks';
import type { ObjectInventory } from './object-inventory';
import { MAX_EXTERNAL_ID } from './sighting';
import type { Finding, InventoryKind } from './sighting';
import { isMissing, isStuck, standingOf } from './standing';
import type { Facts, FoundObject, RecordedObject } from './standing';

/** What comparing needs besides the objects themselves. */
export interface ComparisonServices {
  readonly database: Database;
  readonly tasks: TaskStore;
  readonly installationId: string;
}

export interface MarkedObject extends FoundObject {
  readonly marker: Marker;
}

export interface Difference extends Finding {
  /** What was found on the backend; null where it is about the row. */
  readonly found: MarkedObject | null;
  readonly recorded: RecordedObject | null;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** All that is listed with our marker. */
  readonly present: readonly MarkedObject[];
  /** At most one for each object. */
  readonly unlinked: readonly MarkedObject[];
}

const NOUNS: Readonly<Record<InventoryKind, IdNoun>> = { VM: 'vm', NETWORK: 'network' };

/** Bounds of databases on one list of values. */
const IDS_PER_QUERY = 500;

type Known = Pick<Facts, 'recorded' | 'hasOpenTask'>;

/** What the database says of these objects now. */
export async function readFacts(
  { tasks }: Pick<ComparisonServices, 'tasks'>,
  inventory: ObjectInventory,
  session: Session,
  ids: readonly string[],
): Promise<(id: string) => Known> {
  const recorded = new Map<string, RecordedObject>();
  const busy = new Set<string>();
  for (let from = 0; from < ids.length; from += IDS_PER_QUERY) {
    const some = ids.slice(from, from + IDS_PER_QUERY);
    for (const one of await inventory.recorded(session, some)) recorded.set(one.id, one);
    // An object's lane is its id.
    for (const id of (await tasks.openInLanes(session, TenantScope.system(), some)).keys()) busy.add(id);
  }
  return (id) => ({ recorded: recorded.get(id) ?? null, hasOpenTask: busy.has(id) });
}

/**
 * Whether this installation may have made it. Tags are for everyone to write: what claims to be ours under an id that
 * we never give, or has one that no row of ours could hold, is somebody else's.
 */
function mayBeOurs(found: FoundObject, installationId: string, kind: InventoryKind): found is MarkedObject {
  const { marker, externalId } = found;
  if (marker?.installationId !== installationId) return false;
  return nounOfId(marker.objectId) === NOUNS[kind] && externalId.length <= MAX_EXTERNAL_ID;
}

/**
 * Compares a complete listing with the database as it is now.
 * @param expected what the database held before the listing began
 */
export async function compare(
  services: ComparisonServices,
  inventory: ObjectInventory,
  backendId: string,
  expected: readonly RecordedObject[],
  found: readonly FoundObject[],
): Promise<Comparison> {
  const { installationId } = services;
  const marked = found.filter((one) => mayBeOurs(one, installationId, inventory.kind));
  const listed = new Set(marked.map(({ marker }) => marker.objectId));
  const ids = [...new Set([...listed, ...expected.map(({ id }) => id)])];
  const known = await readFacts(services, inventory, services.database.reader, ids);
  const there = judgeFound({ installationId, backendId }, marked, known);
  const here = judgeExpected(expected, listed, known);
  return { ...there, present: marked, differences: [...there.differences, ...here] };
}

function judgeFound(
  place: Pick<Facts, 'installationId' | 'backendId'>,
  marked: readonly MarkedObject[],
  known: (id: string) => Known,
): Pick<Comparison, 'differences' | 'unlinked'> {
  const present = new Set(marked.map(({ externalId }) => externalId));
  const differences: Difference[] = [];
  const unlinked = new Map<string, MarkedObject>();
  for (const found of marked) {
    const { objectId } = found.marker;
    const { recorded, hasOpenTask } = known(objectId);
    const recordedIsListed = present.has(recorded?.externalId ?? '');
    const type = standingOf(found, { ...place, recorded, hasOpenTask, recordedIsListed });
    if (type === 'UNLINKED' && !unlinked.has(objectId)) unlinked.set(objectId, found);
    if (type !== 'ORPHAN' && type !== 'COPY') continue;
    differences.push({ type, objectId, externalId: found.externalId, found, recorded });
  }
  return { differences, unlinked: [...unlinked.values()] };
}

function judgeExpected(
  expected: readonly RecordedObject[],
  listed: ReadonlySet<string>,
  known: (id: string) => Known,
): readonly Difference[] {
  const differences: Difference[] = [];
  for (const { id } of expected) {
    const { recorded, hasOpenTask } = known(id);
    if (!recorded) continue;
    const about = { objectId: id, externalId: recorded.externalId ?? '', found: null, recorded };
    if (isStuck(recorded, hasOpenTask)) differences.push({ ...about, type: 'STUCK' });
    if (isMissing(recorded, listed, hasOpenTask)) differences.push({ ...about, type: 'MISSING' });
  }
  return differences;
}
