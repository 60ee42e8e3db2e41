/** What exports find without a schema is what the schema is made of. */
import { expect, test } from 'vitest';
import { loadCatalogue } from '../../src/exports/catalogue.ts';
import { declaredEntities, entityRef, isEntityReads } from '../../src/graphql/entities.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { discover } from '../../src/kernel/discover.ts';
import { loadSchema } from '../../src/server/schema.ts';

test('every type of the API is declared in a *.read.ts file, where exports find it without a schema', async () => {
  await loadCatalogue(await loadRegistry());
  const files = await discover(new URL('../../src', import.meta.url).pathname, '.read.ts');
  const found = files.flatMap(({ module }) => Object.values(module).filter(isEntityReads)).map(({ type }) => type);
  const schema = await loadSchema();
  const inSchema = declaredEntities().filter(({ type }) => schema.getType(type) !== undefined);
  expect(found.sort()).toEqual(inSchema.map(({ type }) => type).sort());
  for (const type of found) expect(entityRef(type)).toBeDefined();
});
