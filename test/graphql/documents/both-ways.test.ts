/** A compiled document answers what ordinary execution answers, byte for byte, or leaves the answer to it. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { entityReads, keyColumn } from '../../../src/graphql/entities.ts';
import type { EntityReads } from '../../../src/graphql/entity.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { askBothWays } from '../../support/both-ways.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { declaredTypes, fillEveryType } from '../../support/every-type.ts';
import { randomDocument } from '../../support/random-documents.ts';

const database = await useTestDatabase();
const ask = askBothWays(database);
const types = declaredTypes(await loadSchema());

const VIEWER: Actor = { kind: 'token', label: 'token:viewer', role: 'viewer' };
const SCOPED: Actor = { kind: 'token', label: 'token:scoped', role: 'viewer', scopes: ['research'] };
const STRANGER: Actor = { kind: 'token', label: 'token:stranger', role: 'viewer', scopes: ['market'] };

beforeAll(async () => {
  await fillEveryType(database.owner, types);
  // Rows that no foreign key holds together any more, led to each other by chance.
  for (const reads of types) {
    for (const relation of Object.values(reads.relations)) {
      const target = entityReads(relation.target);
      const some = (row: string) =>
        `(SELECT o.${keyColumn(target)} FROM ${target.table} o ORDER BY md5(o.${keyColumn(target)}::text || ${row}) LIMIT 1)`;
      if (relation.kind === 'one') {
        await database.owner.query(
          `UPDATE ${reads.table} t SET ${relation.column} = ${some(`t.${keyColumn(reads)}::text`)} WHERE random() < 0.8`,
        );
      } else if (relation.kind === 'through') {
        const { table, own, other } = relation.link;
        await database.owner.query(
          `INSERT INTO ${table} (${own}, ${other}) SELECT t.${keyColumn(reads)}, ${some(`t.${keyColumn(reads)}::text || n`)}
             FROM ${reads.table} t, generate_series(1, 5) n ON CONFLICT DO NOTHING`,
        );
      }
    }
  }
});

describe('what is asked by chance is answered alike both ways', () => {
  test.each([
    ['an admin', TESTER, 0.5],
    ['a viewer', VIEWER, 0.3],
    ['a token with a scope', SCOPED, 0.3],
    ['a token with another scope', STRANGER, 0],
  ])('for %s', async (_who, actor, share) => {
    let asked = 0;
    let compiled = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const { query, variables } = randomDocument(g, types);
        const answers = await ask(query, variables, actor);
        asked += 1;
        if (answers.compiled === undefined) return;
        compiled += 1;
        expect(answers.compiled).toBe(answers.ordinary);
      }),
      { numRuns: 60 },
    );
    // What is left to ordinary execution proves nothing.
    expect(compiled).toBeGreaterThanOrEqual(asked * share);
  });
});

/** Every order of a type that there is by one key, one way round or the other. */
const ordersOf = (reads: EntityReads): string[] => [
  ...Object.entries(reads.fields)
    .filter(([, { order }]) => order)
    .map(([name], index) => `{ ${name}: ${index % 2 === 0 ? 'ASC' : 'DESC_NULLS_FIRST'} }`),
  ...Object.entries(reads.relations).map(([name, relation]) =>
    relation.kind === 'one'
      ? `{ ${name}: { ${entityReads(relation.target).key}: DESC } }`
      : `{ ${name}: { count: ASC } }`,
  ),
];

describe('a list is paged through alike both ways', () => {
  test.each(types.filter(({ scope, listed }) => scope === 'research' && listed !== false))(
    'of $plural',
    async (reads) => {
      for (const order of ordersOf(reads)) {
        const page = `pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${reads.key} } }`;
        const query = `query ($first: Int, $last: Int, $after: String, $before: String) {
        ${reads.plural}(first: $first, last: $last, after: $after, before: $before, orderBy: [${order}]) { totalCount ${page} } }`;
        const whole = await ask(query, { first: 100 });
        expect(whole.compiled).toBe(whole.ordinary);
        const cursors = [...whole.ordinary.matchAll(/"cursor":"([^"]+)"/g)].map(([, cursor]) => cursor);
        const [near, far] = [cursors[4], cursors.at(-4)];
        for (const variables of [
          { first: 3, after: near },
          { first: 100, after: far },
          { last: 3, before: far },
          { last: 100, before: near },
          { first: 5, after: near, before: far },
          { last: 5, after: near, before: far },
        ]) {
          const { compiled, ordinary } = await ask(query, variables);
          expect(compiled).toBe(ordinary);
        }
      }
    },
  );
});
