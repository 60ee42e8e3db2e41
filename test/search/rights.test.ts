import { beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../src/kernel/actor.ts';
import { readNewWords } from '../../src/search/vocabulary.ts';
import { useTestDatabase } from '../support/database.ts';
import { dataAt, graphqlOver } from '../support/graphql.ts';
import { recordQueries } from '../support/queries.ts';
import { addResearches } from './library.ts';

const database = await useTestDatabase();

beforeAll(async () => {
  await addResearches(database.owner, [{ research_id: 'R1', title: 'Walnuts' }]);
  await readNewWords(database);
});

const SEARCH = `query R($query: String!) { search(query: $query) {
  totalCount isComplete edges { headline node { __typename } }
  facets { type { value count } department { value count } } suggestions { query }
} }`;

const as = (scopes: Actor['scopes']) =>
  graphqlOver(database, { actor: { kind: 'token', label: 'token:test', role: 'viewer', scopes } });

test.each([[undefined], [['research']], [['ingest', 'research']]])(
  'whose scopes are %j finds what the research context has',
  async (scopes) => {
    const answer = await as(scopes)(SEARCH, { query: 'walnuts' });
    expect(dataAt(answer, 'search')).toMatchObject({
      totalCount: 1,
      edges: [{ headline: '<mark>Walnuts</mark>', node: { __typename: 'Research' } }],
      facets: { type: [{ value: 'RESEARCH', count: 1 }], department: [{ value: 'AI', count: 1 }] },
    });
    expect(dataAt(await as(scopes)(SEARCH, { query: 'wallnutz' }), 'search.suggestions')).toEqual([
      { query: 'walnuts' },
    ]);
  },
);

test.each([[[]], [['ingest']], [['market', 'library']]])(
  'whose scopes are %j finds, counts and is told nothing, and the database is not even asked',
  async (scopes) => {
    const recording = recordQueries(database.read);
    for (const query of ['walnuts', 'wallnutz']) {
      expect(dataAt(await as(scopes)(SEARCH, { query }), 'search')).toEqual({
        totalCount: 0,
        isComplete: true,
        edges: [],
        facets: { type: [], department: [] },
        suggestions: [],
      });
    }
    expect(recording.statements()).toEqual([]);
    recording.stop();
  },
);
