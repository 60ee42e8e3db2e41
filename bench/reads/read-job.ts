/** What the read jobs have in common: the same question to Cairn, PostGraphile and the bare statement, and the same answers from them. */
import { isDeepStrictEqual } from 'node:util';
import { runLoad } from '../clients/load.ts';
import type { ServerProcess } from '../clients/server-process.ts';
import { countStatements } from '../clients/statement-count.ts';
import { type Bench, type Contender, defineJob, type Job, type Target } from '../job.ts';
import { canonical } from './canonical.ts';
import { type LibrarySize, librarySize } from './library.ts';
import { shareWorld, type World } from './world.ts';

export interface Read {
  readonly name: string;
  readonly measures: string;
  readonly cairn: string;
  readonly postgraphile: string;
  /** Of {@link STATEMENTS}. */
  readonly statement: string;
  /** What one request after another asks for; one without variables unless given. */
  readonly asked?: (size: LibrarySize) => readonly Readonly<Record<string, string>>[];
  /** Beside those of every read. */
  readonly targets?: readonly Target[];
}

/** What every read has to reach. */
const TARGETS: readonly Target[] = [
  { kind: 'ratio', against: 'PostGraphile', atLeast: 1 },
  { kind: 'ratio', against: 'json_agg', atLeast: 0.5 },
];
const CONNECTIONS = 16;
const WARM_UP_SECONDS = 2;

interface Asking {
  readonly name: string;
  readonly role: Contender['role'];
  readonly server: ServerProcess;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
}

/** Makes the job of one read. */
export function defineRead(read: Read): Job {
  return defineJob({
    name: `reads/${read.name}`,
    measures: read.measures,
    unit: 'requests/s',
    better: 'more',
    targets: [...TARGETS, ...(read.targets ?? [])],
    open: async (bench) => {
      const world = await shareWorld(bench);
      const askings = askingsOf(read, world, read.asked?.(librarySize(bench)) ?? [{}]);
      const answers = [];
      for (const asking of askings) answers.push(await answersOf(asking));
      requireSame(askings, answers);
      const contenders: Contender[] = [];
      for (const [at, asking] of askings.entries()) {
        const expected = (answers[at] ?? []).map((answer) => Buffer.byteLength(answer));
        contenders.push(await contenderOf(asking, expected, bench, world));
      }
      return { contenders, versions: world.versions };
    },
  });
}

function askingsOf(read: Read, world: World, asked: readonly Readonly<Record<string, string>>[]): Asking[] {
  const graphql = (query: string) => asked.map((variables) => JSON.stringify({ query, variables }));
  const json = { 'content-type': 'application/json' };
  return [
    {
      name: 'Cairn',
      role: 'subject',
      server: world.cairn,
      path: '/graphql',
      headers: { ...json, authorization: `Bearer ${world.token}` },
      bodies: graphql(read.cairn),
    },
    {
      name: 'PostGraphile',
      role: 'peer',
      server: world.postgraphile,
      path: '/graphql',
      headers: json,
      bodies: graphql(read.postgraphile),
    },
    {
      name: 'json_agg',
      role: 'limit',
      server: world.bare,
      path: '/',
      headers: json,
      bodies: asked.map((variables) => JSON.stringify({ name: read.statement, values: Object.values(variables) })),
    },
  ];
}

/** The text of the answer to each body. */
async function answersOf({ name, server, path, headers, bodies }: Asking): Promise<string[]> {
  const texts: string[] = [];
  for (const body of bodies) {
    const answer = await fetch(server.url + path, { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok || text.includes('"errors":'))
      throw new Error(`${name} answered ${answer.status}: ${text.slice(0, 1_000)}`);
    texts.push(text);
  }
  return texts;
}

/** Fewer characters hold no rows. */
const LEAST_SAID = 100;

/** @throws when one of them does not say what the first one says, or when that is nothing */
function requireSame(askings: readonly Asking[], answers: readonly (readonly string[])[]): void {
  const empty = (answers[0] ?? []).find((text) => text.length < LEAST_SAID);
  if (empty !== undefined) throw new Error(`There are no rows to measure by: ${empty}`);
  const said = answers.map((texts) => texts.map((text) => canonical(Reflect.get(Object(JSON.parse(text)), 'data'))));
  for (const [at, { name, bodies }] of askings.entries()) {
    const different = bodies.findIndex((_, body) => !isDeepStrictEqual(said[at]?.[body], said[0]?.[body]));
    if (different === -1) continue;
    const [ours, theirs] = [said[0]?.[different], said[at]?.[different]].map((one) =>
      JSON.stringify(one).slice(0, 1_500),
    );
    throw new Error(`Cairn and ${name} do not say the same:\n${ours}\n${theirs}`);
  }
}

async function contenderOf(
  asking: Asking,
  expected: readonly number[],
  bench: Bench,
  world: World,
): Promise<Contender> {
  const { name, role, server, path, headers, bodies } = asking;
  const request = { url: server.url + path, headers, bodies, expected, connections: CONNECTIONS };
  bench.note(`reads: warming ${name} up`);
  await runLoad({ ...request, seconds: Math.min(WARM_UP_SECONDS, bench.seconds) });
  // Each connection of the pool has prepared its statements by now, and logs nothing but the question itself.
  const statements = await countStatements(world.ownerUrl, world.log, async () => {
    await answersOf({ ...asking, bodies: bodies.slice(0, 1) });
  });
  return {
    name,
    role,
    statements,
    run: async () => {
      const { perSecond, p50, p99, bytesPerSecond } = await runLoad({ ...request, seconds: bench.seconds });
      const memory = await server.memory();
      const figures = { 'p50 ms': p50, 'p99 ms': p99, 'MB/s': bytesPerSecond / 1_000_000 };
      return { value: perSecond, figures: { ...figures, ...(memory !== undefined && { 'memory MB': memory }) } };
    },
  };
}
