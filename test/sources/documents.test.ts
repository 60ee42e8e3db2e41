import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { readNewWords } from '../../src/search/vocabulary.ts';
import { rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { seedSource } from '../support/sources.ts';
import { nextRows, watch } from '../support/watching.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

/** A person with a token, and what only they may see. */
interface Person {
  readonly token: string;
  readonly owner: string;
  /** In every text of theirs, and in no question. */
  readonly mark: string;
  readonly source: string;
  readonly document: string;
}

async function addDocument(source: string, title: string, text: string): Promise<string> {
  const key = randomUUID();
  await database.owner.query(
    `INSERT INTO documents (document_id, source_id, owner_id, is_shared, external_id, path, title, item_type, text)
     SELECT $2::uuid, source_id, owner_id, is_shared, $2::text, 'notes/' || $3, $3, 'file', $4 FROM data_sources WHERE source_id = $1`,
    [source, key, title, text],
  );
  return key;
}

async function person(mark: string): Promise<Person> {
  const token = await api.tokenFor('viewer');
  const { rows } = await database.owner.query<{ token_id: string }>(
    'SELECT token_id FROM tokens ORDER BY id DESC LIMIT 1',
  );
  const owner = `token:${rows[0]?.token_id}`;
  const source = await seedSource(database.owner, { name: `Notes ${mark}`, owner_id: owner, owner_label: owner });
  const document = await addDocument(source, `Tides ${mark}`, `Estuary notes of ${mark}: cormorants ${mark}`);
  return { token, owner, mark, source, document };
}

let anna: Person;
let bert: Person;
let team: string;
beforeAll(async () => {
  anna = await person('annazq');
  bert = await person('bertzq');
  team = await seedSource(database.owner, { name: 'Team notes', is_shared: true });
  await addDocument(team, 'Tides of the team', 'Estuary notes for everybody: pelicans');
});

const SEARCH = `query ($query: String!) { search(query: $query) { totalCount edges { headline node { ... on Document { title } } }
  facets { source { value label count } } suggestions { query } } }`;

test('a search finds, counts and shows what its asker may see', async () => {
  const found = rootField(await api.ask(SEARCH, { query: 'estuary' }, anna.token), 'search');
  expect(found).toMatchObject({ totalCount: 2, facets: { source: expect.any(Array) } });
  const { facets } = found as { facets: { source: { label: string; count: number }[] } };
  expect(facets.source.map(({ label, count }) => [label, count]).sort()).toEqual([
    ['Notes annazq', 1],
    ['Team notes', 1],
  ]);
  expect(JSON.stringify(found)).not.toContain('bertzq');
  // An administrator is nobody's owner: what is private is not theirs to find.
  expect(rootField(await api.ask(SEARCH, { query: 'cormorants' }), 'search')).toMatchObject({ totalCount: 0 });
  const scoped = await api.tokenFor('viewer', ['research']);
  expect(rootField(await api.ask(SEARCH, { query: 'pelicans' }, scoped), 'search')).toMatchObject({ totalCount: 0 });
});

test('words of what is private are learnt by nobody, those of what is shared are suggested', async () => {
  await readNewWords(database);
  const { rows } = await database.owner.query<{ word: string }>('SELECT word FROM search_words');
  const words = rows.map(({ word }) => word);
  expect(words).toContain('pelicans');
  for (const word of ['cormorants', 'annazq', 'bertzq']) expect(words).not.toContain(word);
  const found = rootField(await api.ask(SEARCH, { query: 'pelicnas' }, bert.token), 'search');
  expect(found).toMatchObject({ totalCount: 0, suggestions: [{ query: 'pelicans' }] });
});

test('a word in a hundred thousand documents of others costs one asker no more than their own', async () => {
  // The plan, not the time: an index of words is used, where a policy would have had every document read.
  const client = await database.write.connect();
  try {
    await client.query("BEGIN; SET LOCAL enable_seqscan = off; SELECT set_config('cairn.owner', 'hub', true)");
    const explain = async (table: string): Promise<string> =>
      JSON.stringify(
        (
          await client.query(
            `EXPLAIN (FORMAT JSON) SELECT id FROM ${table} WHERE search_simple @@ websearch_to_tsquery('simple', 'cormorants')`,
          )
        ).rows,
      );
    expect(await explain('searchable_documents')).toContain('documents_search_simple_idx');
    // That is what the view is for.
    expect(await explain('documents')).not.toContain('documents_search_simple_idx');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

test('changes of a document are told to those who may see it', async () => {
  const CHANGES = `query ($key: String!) { changes(table: "documents", key: $key) { nodes { newValues } } }`;
  const ofBert = { key: bert.document };
  const own = rootField<{ nodes: { newValues: object }[] }>(await api.ask(CHANGES, ofBert, bert.token), 'changes');
  expect(own.nodes).toHaveLength(1);
  // Its hash tells that a text changed; old texts are in the place itself.
  expect(Object.keys(own.nodes[0]?.newValues ?? {})).not.toContain('text');
  expect(rootField(await api.ask(CHANGES, ofBert, anna.token), 'changes')).toEqual({ nodes: [] });
});

interface Question {
  readonly name: string;
  readonly ask: (who: Person, other: Person) => Promise<string>;
}

const graphql =
  (query: string, variables: (other: Person) => object) =>
  async (who: Person, other: Person): Promise<string> =>
    JSON.stringify(await api.ask(query, variables(other), who.token));

const rest =
  (path: (other: Person) => string) =>
  async (who: Person, other: Person): Promise<string> => {
    const response = await fetch(`${api.url}/api/v1${path(other)}`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
    return `${response.status} ${[...response.headers].join()} ${await response.text()}`;
  };

const globalId = (type: string, key: string): string => Buffer.from(`${type}:${key}`).toString('base64');
const WORDS = ['estuary', 'cormorants', '"estuary notes"', 'tides -team', 'cormornats', 'notes or tides'];
const question = fc.oneof(
  fc.constantFrom('title', 'path', 'text', 'externalModifiedAt', 'createdAt', 'author').chain((field) =>
    fc.constantFrom('ASC', 'DESC').map((direction) => ({
      name: `list by ${field} ${direction}`,
      ask: graphql(
        `{ documents(first: 50, ${field === 'text' ? '' : `orderBy: [{ ${field}: ${direction} }]`}) { totalCount nodes { title text path source { name accountName } } } }`,
        () => ({}),
      ),
    })),
  ),
  fc.constantFrom('documentId', 'sourceId').map((field) => ({
    name: `list of ${field}`,
    ask: graphql(
      `query ($key: ID!) { documents(where: { ${field}: { equals: $key } }) { totalCount nodes { title } } }`,
      (other) => ({
        key: field === 'sourceId' ? other.source : other.document,
      }),
    ),
  })),
  fc.constantFrom(...WORDS).map((word) => ({ name: `search ${word}`, ask: graphql(SEARCH, () => ({ query: word })) })),
  fc.constantFrom(...WORDS).map((word) => ({
    name: `search ${word} over REST`,
    ask: rest(() => `/search?q=${encodeURIComponent(word)}`),
  })),
  fc.constantFrom<Question>(
    {
      name: 'document by key',
      ask: graphql('query ($key: String!) { document(documentId: $key) { title text } }', (other) => ({
        key: other.document,
      })),
    },
    {
      name: 'node by id',
      ask: graphql(
        'query ($id: ID!) { node(id: $id) { id ... on Document { title } ... on DataSource { name } } }',
        (other) => ({
          id: globalId('Document', other.document),
        }),
      ),
    },
    {
      name: 'source and its relations',
      ask: graphql(
        'query ($key: String!) { dataSource(sourceId: $key) { name items { nodes { name } } jobs { nodes { status } } } }',
        (other) => ({ key: other.source }),
      ),
    },
    { name: 'sources', ask: graphql('{ dataSources { nodes { name owner } } }', () => ({})) },
    {
      name: 'changes',
      ask: graphql(
        'query ($key: String!) { changes(table: "documents", key: $key) { nodes { oldValues newValues } } }',
        (other) => ({
          key: other.document,
        }),
      ),
    },
    { name: 'documents over REST', ask: rest(() => '/documents?limit=50') },
    { name: 'document over REST', ask: rest((other) => `/documents/${other.document}`) },
    { name: 'documents of a source over REST', ask: rest((other) => `/documents?source_id=${other.source}`) },
  ),
);

test('whatever one asks, in any order and at once, nothing of another is in the answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(question, fc.boolean()), { minLength: 1, maxLength: 6 }), async (questions) => {
      const answers = await Promise.all(
        questions.map(async ([{ name, ask }, isAnna]) => {
          const [who, other] = isAnna ? [anna, bert] : [bert, anna];
          return { name, other: other.mark, answer: await ask(who, other) };
        }),
      );
      for (const { name, other, answer } of answers) {
        if (answer.includes(other)) throw new Error(`${name} told of another’s: ${answer.slice(0, 500)}`);
        expect([name, /INTERNAL|BAD_USER_INPUT|^500/.test(answer)]).toEqual([name, false]);
      }
    }),
    { numRuns: 20 },
  );
});

test('what is another’s is answered as what is not there', async () => {
  const missing = await rest(() => `/documents/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`)(anna, bert);
  const others = await rest((other) => `/documents/${other.document}`)(anna, bert);
  const plain = (answer: string) =>
    answer
      .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'KEY')
      .replace(/^.*content-type/, '')
      .replaceAll(/r=\d+|date,[^,]*, [^,]*,/g, '');
  expect(plain(others)).toBe(plain(missing));
  expect(others).toMatch(/^404/);
});

test('who watches documents is told when a source is shared with them and hidden again', async () => {
  const owner = await person('claraq');
  const stream = await watch(
    api,
    'documentsChanged',
    'DocumentFilter',
    { title: { contains: 'claraq' } },
    'kind key',
    bert.token,
  );
  expect(await stream.next()).toMatchObject({ kind: 'READY', count: 0 });
  const share = (isShared: boolean) =>
    database.owner.query('UPDATE data_sources SET is_shared = $2 WHERE source_id = $1', [owner.source, isShared]);
  await share(true);
  expect(await nextRows(stream)).toEqual([`ADDED ${owner.document}`]);
  await share(false);
  expect(await nextRows(stream)).toEqual([`REMOVED ${owner.document}`]);
});
