import { z } from 'zod';
import type { CustomField, Entity } from '../model/records';
import type { Counters, World } from '../model/world';

const FORMAT = 1;

/** More than a process gives out under one prefix between two writes: after a kill the file does not know of those. */
const UNWRITTEN = 1_000;

/** The whole model. The records are JSON as they stand, and only this program writes them. */
export interface SavedWorld {
  readonly format: typeof FORMAT;
  readonly instanceUuid: string;
  readonly random: number;
  readonly counters: Counters;
  /** The greatest number given out under each prefix: never again, also not after the object is gone. */
  readonly highest: Readonly<Record<string, number>>;
  readonly fields: readonly CustomField[];
  readonly entities: readonly Entity[];
}

export const savedWorldSchema = z.object({
  format: z.literal(FORMAT),
  instanceUuid: z.string(),
  random: z.number(),
  counters: z.object({ mac: z.number(), customField: z.number(), chain: z.number() }),
  highest: z.record(z.string(), z.number()),
  fields: z.array(z.object({ key: z.number(), name: z.string(), objectType: z.string().nullable() })),
  entities: z.array(z.custom<Entity>(isRecord, 'no record of the inventory')),
});

const recordSchema = z.looseObject({
  kind: z.string(),
  ref: z.object({ $ref: z.string(), value: z.string() }),
  name: z.string(),
});

function isRecord(value: unknown): boolean {
  return recordSchema.safeParse(value).success;
}

export function saveWorld(world: World): SavedWorld {
  return {
    format: FORMAT,
    instanceUuid: world.instanceUuid,
    random: world.random.save(),
    counters: world.counters,
    highest: Object.fromEntries(world.highest),
    fields: world.fields,
    // Leases end with the process.
    entities: [...world.all()].filter((entity) => entity.kind !== 'LEASE'),
  };
}

export function restoreWorld(world: World, saved: SavedWorld): void {
  world.instanceUuid = saved.instanceUuid;
  world.random.restore(saved.random);
  Object.assign(world.counters, saved.counters);
  world.fields.push(...saved.fields);
  for (const entity of saved.entities) world.add(entity);
  reserveNumbers(world, saved.highest);
}

/** The store counts from the beginning: what has been given out before, or may have been, is skipped. */
function reserveNumbers(world: World, highest: SavedWorld['highest']): void {
  for (const [prefix, most] of Object.entries(highest)) {
    let reached = 0;
    while (reached < most + UNWRITTEN) {
      world.newRef('ManagedEntity', prefix);
      reached = world.highest.get(prefix) ?? most;
    }
  }
}
