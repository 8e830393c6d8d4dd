import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../kernel';
import type { World } from '../model/world';

const FORMAT = 1;

/** The tables that outlive the process; users and projects come from the options. */
const TABLES = [
  'applicationCredentials',
  'flavors',
  'images',
  'keypairs',
  'servers',
  'networks',
  'subnets',
  'routers',
  'ports',
  'securityGroups',
  'securityGroupRules',
  'floatingIps',
] as const satisfies readonly (keyof World)[];

/** The records are JSON as they stand, and only this program writes them. */
const fileSchema = z.object({
  format: z.literal(FORMAT),
  tables: z.record(z.enum(TABLES), z.array(z.tuple([z.string(), z.looseObject({})]))),
});

/**
 * Fills the world from the file. False when there is none yet.
 * @throws AppError INTERNAL when it cannot be read
 */
export function readStateFile(path: string, world: World): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw unusable(path, error);
  }
  try {
    const { tables } = fileSchema.parse(JSON.parse(text));
    for (const name of TABLES) {
      const table = world[name] as Map<string, unknown>;
      for (const [key, row] of tables[name]) table.set(key, row);
    }
    return true;
  } catch (error) {
    throw unusable(path, error);
  }
}

/** A crash in the middle leaves the old file whole: the new one takes its place in one step. */
export async function writeStateFile(path: string, world: World): Promise<void> {
  const tables = Object.fromEntries(TABLES.map((name) => [name, [...world[name]]]));
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, JSON.stringify({ format: FORMAT, tables }));
  await rename(temporary, path);
}

function unusable(path: string, cause: unknown): AppError {
  return new AppError('INTERNAL', `The state file ${path} cannot be read.`, { cause });
}
