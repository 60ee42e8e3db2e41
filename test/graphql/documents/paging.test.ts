/** A compiled list is paged through as ordinary execution pages through it, in every order. */
import { beforeAll, describe, expect, test } from 'vitest';
import { entityReads } from '../../../src/graphql/entities.ts';
import type { EntityReads } from '../../../src/graphql/entity.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { askBothWays } from '../../support/both-ways.ts';
import { useTestDatabase } from '../../support/database.ts';
import { declaredTypes } from '../../support/every-type.ts';
import { fillLinkedTypes } from '../../support/linked-types.ts';

const database = await useTestDatabase();
const ask = askBothWays(database);
const types = declaredTypes(await loadSchema());

beforeAll(() => fillLinkedTypes(database.owner, types));

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
