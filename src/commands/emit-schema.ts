import { readFileSync, writeFileSync } from 'node:fs';
import { describeApi } from '../gateway/api-resolvers';
import { printApiSchema } from '../graphql';

const FILE = 'schema/schema.graphql';

/** Writes the SDL, or with `--check` only tells whether the file is up to date. */
function emitSchema(check: boolean): number {
  const sdl = printApiSchema(describeApi());
  if (!check) {
    writeFileSync(FILE, sdl);
    return 0;
  }
  if (readFileSync(FILE, 'utf8') === sdl) return 0;
  process.stderr.write(`${FILE} is not what the code says; run "npm run sdl" and review the difference.\n`);
  return 1;
}

process.exitCode = emitSchema(process.argv.includes('--check'));
