/** Every mutation of the research context by every role: who may is refused nothing, who may not is refused before anything is done. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/kernel/actor.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { codesOf, graphqlOver } from '../../support/graphql.ts';
import { MUTABLE_TYPES } from '../../support/mutable-types.ts';

const database = await useTestDatabase();
const schema = await loadSchema();
const fields = schema.getMutationType()?.getFields() ?? {};

const VERBS = ['create', 'update', 'upsert', 'delete'];
const many = MUTABLE_TYPES.flatMap(({ type, plural }) => [
  ...VERBS.filter((verb) => verb !== 'upsert').map((verb) => `${verb}${type}`),
  ...VERBS.filter((verb) => verb !== 'create').map((verb) => `${verb}${plural}`),
]);
const links = ['ResearchVideo', 'VideoInfluencer'].flatMap((pair) => [`relate${pair}`, `unrelate${pair}`]);

const documentOf = (name: string): string =>
  `mutation { ${/Example: `(.+?)`\./.exec(fields[name]?.description ?? '')?.[1] ?? ''} }`;

const as = (actor: Partial<Actor>) => graphqlOver(database, { actor: { ...TESTER, ...actor }, log: silentLog() });
const editor: Partial<Actor> = { role: 'editor', scopes: ['research'], label: 'user:editor' };

/** What the examples change and relate. */
beforeAll(async () => {
  const ask = as(editor);
  for (const { type, plural } of MUTABLE_TYPES) {
    const wanted = fields[`upsert${plural}`] === undefined ? '' : documentOf(`upsert${plural}`);
    expect({ type, errors: (await ask(wanted)).errors }).toEqual({ type, errors: undefined });
  }
});

describe.each([...many, ...links])('%s', (name) => {
  test.each<[string, Partial<Actor>]>([
    ['a viewer', { role: 'viewer' }],
    ['an importer', { role: 'importer' }],
    ['an editor of other contexts', { role: 'editor', scopes: ['ingest', 'access'] }],
  ])('%s is refused', async (_who, actor) => {
    const before = await changes();
    expect(codesOf(await as(actor)(documentOf(name)))).toEqual(['FORBIDDEN']);
    expect(await changes()).toBe(before);
  });

  test('an editor is not', async () => {
    // What the examples make is there already, and what one deletes the next does not find.
    const codes = codesOf(await as(editor)(documentOf(name)));
    expect(codes.filter((code) => code !== 'CONFLICT' && code !== 'NOT_FOUND')).toEqual([]);
  });
});

test('every mutation of the context stands in this test, and changes name the editor', async () => {
  const ofContext = Object.entries(fields)
    .filter(([, { description }]) => description?.includes('the scope research'))
    .map(([name]) => name);
  expect(ofContext.sort()).toEqual([...many, ...links].sort());
  const { rows } = await database.owner.query('SELECT DISTINCT changed_by FROM change_log');
  expect(rows).toEqual([{ changed_by: 'user:editor' }]);
});

async function changes(): Promise<number> {
  const { rows } = await database.owner.query<{ count: bigint }>('SELECT count(*) FROM change_log');
  return Number(rows[0]?.count);
}
