/**
 * Writes the next migration from what the Prisma schema says and the migrations lack:
 * `node scripts/migration-new.ts NAME "safe: why"` (or `"breaking: why"`). Triggers, CHECKs and policies are then added by hand.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diffSchema, MIGRATIONS } from '../src/database/migrate.ts';
import { withScratchDatabase } from './scratch-database.ts';

const [name, declaration] = process.argv.slice(2);
if (
  name === undefined ||
  !/^[a-z][a-z0-9_]*$/.test(name) ||
  declaration === undefined ||
  !/^(safe|breaking): ./.test(declaration)
) {
  process.stderr.write('Usage: node scripts/migration-new.ts name_in_snake_case "safe: why" (or "breaking: why")\n');
  process.exit(2);
}

const sql = await withScratchDatabase((_owner, ownerUrl) => diffSchema(ownerUrl));
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const folder = join(MIGRATIONS, `${stamp}_${name}`);
await mkdir(folder);
await writeFile(join(folder, 'migration.sql'), `-- ${declaration}\n\n${sql}${sql === '' ? '' : '\n'}`);
process.stderr.write(
  `${folder}/migration.sql: ${sql === '' ? 'the schema asks for nothing; write what it cannot say' : 'written'}\n`,
);
