/** The same page of the same list, by REST and by GraphQL. */
import { isDeepStrictEqual } from 'node:util';
import { runLoad } from '../clients/load.ts';
import { type Bench, type Contender, defineJob } from '../job.ts';
import { shareWorld, type World } from './world.ts';

const FIELDS = ['research_id', 'title', 'department', 'status', 'created_date', 'output_path'];
const DOCUMENT =
  '{ researches(first: 50) { nodes { researchId title department status createdDate outputPath } pageInfo { hasNextPage endCursor } } }';
const CONNECTIONS = 16;

interface Way {
  readonly name: string;
  readonly role: 'subject' | 'peer';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string;
  /** The keys of the rows that an answer gives. */
  readonly keysOf: (answer: unknown) => unknown;
}

const rowsAt = (answer: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => Reflect.get(Object(value), name), answer);
const keysOf = (rows: unknown, key: string): unknown =>
  Array.isArray(rows) ? rows.map((row: unknown) => rowsAt(row, key)) : rows;

const WAYS: readonly Way[] = [
  {
    name: 'REST',
    role: 'subject',
    method: 'GET',
    path: `/api/v1/researches?limit=50&fields=${FIELDS.join(',')}`,
    body: '',
    keysOf: (answer) => keysOf(rowsAt(answer, 'data'), 'research_id'),
  },
  {
    name: 'GraphQL',
    role: 'peer',
    method: 'POST',
    path: '/graphql',
    body: JSON.stringify({ query: DOCUMENT }),
    keysOf: (answer) => keysOf(rowsAt(answer, 'data', 'researches', 'nodes'), 'researchId'),
  },
];

export default defineJob({
  name: 'reads/rest-list',
  measures: '50 of 2,000 researches by REST and by GraphQL, the newest first, at 16 connections',
  unit: 'requests/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: 'GraphQL', atLeast: 1 }],
  open: async (bench) => {
    const world = await shareWorld(bench);
    const texts = await Promise.all(WAYS.map((way) => answerOf(world, way)));
    const said = WAYS.map((way, index) => way.keysOf(JSON.parse(texts[index] ?? '')));
    if (!isDeepStrictEqual(said[0], said[1]) || !Array.isArray(said[0]) || said[0].length === 0) {
      throw new Error(`REST and GraphQL do not list the same rows: ${JSON.stringify(said).slice(0, 1_000)}`);
    }
    return {
      contenders: WAYS.map((way, index) => contenderOf(bench, world, way, Buffer.byteLength(texts[index] ?? ''))),
    };
  },
});

const headersOf = ({ token }: World, { method }: Way): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(method === 'POST' && { 'content-type': 'application/json' }),
});

async function answerOf(world: World, way: Way): Promise<string> {
  const { method, body, path } = way;
  // A document is compiled once it has been executed.
  for (let times = 0; ; times += 1) {
    const init = { method, headers: headersOf(world, way), ...(method === 'POST' && { body }) };
    const answer = await fetch(world.cairn.url + path, init);
    const text = await answer.text();
    if (!answer.ok || text.includes('"errors":')) throw new Error(`${way.name} answered ${text.slice(0, 1_000)}`);
    if (times === 3) return text;
  }
}

function contenderOf(bench: Bench, world: World, way: Way, bytes: number): Contender {
  const { name, role, method, path, body } = way;
  const request = {
    url: world.cairn.url + path,
    method,
    headers: headersOf(world, way),
    bodies: [body],
    expected: [bytes],
    connections: CONNECTIONS,
  };
  return {
    name,
    role,
    run: async () => {
      const { perSecond, p50, p99, bytesPerSecond } = await runLoad({ ...request, seconds: bench.seconds });
      return { value: perSecond, figures: { 'p50 ms': p50, 'p99 ms': p99, 'MB/s': bytesPerSecond / 1_000_000 } };
    },
  };
}
