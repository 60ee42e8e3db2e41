/** Files that go in together give what they give one after the other: the same rows, and the same account of how they came. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import {
  emptyTables,
  importAll,
  ingestOf,
  leftovers,
  makeFolder,
  ROW_TABLES,
  writeFiles,
} from '../support/import-folder.ts';
import { replayedChanges } from '../support/replay.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { jsonLines, type SmallFile, smallFolder } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

const oneOf = (...values: readonly string[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
interface Kind {
  readonly key: string;
  readonly letter: string;
  /** What most records say besides their key. */
  readonly said: fc.Arbitrary<object>;
  /** What some add, and by which they meet other files' rows, or the table's refusal. */
  readonly more: fc.Arbitrary<object>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  channels: {
    key: 'channel_id',
    letter: 'c',
    said: fc.record({ name: oneOf('Alpha', 'ALPHA', 'Beta', 'Gamma'), category: maybe(oneOf('k', 'l')) }),
    more: fc.record({ videos: fc.subarray(['v1', 'v2', 'v3']) }),
  },
  notes: {
    key: 'video_id',
    letter: 'v',
    said: fc.record({
      source_url: oneOf('https://x.org/1', 'https://x.org/2'),
      title: oneOf('One', 'Two'),
      phase: maybe(fc.constantFrom(1, 1, 9)),
      channel_id: maybe(oneOf('c1', 'c2', 'c9')),
      channel: maybe(oneOf('Alpha', 'beta')),
      other: maybe(oneOf('x', 'y')),
      said: maybe(fc.array(oneOf('hm', 'ah'), { maxLength: 3 })),
    }),
    more: fc.record({ added_by: fc.constant(['Ann']) }),
  },
  queue: {
    key: 'video_id',
    letter: 'v',
    said: fc.record({
      source_url: oneOf('https://x.org/1', 'https://x.org/2'),
      title: oneOf('One', 'Two'),
      status: maybe(oneOf('queued', 'failed')),
      channel_id: maybe(oneOf('c1', 'c2', 'c9')),
    }),
    // The title passes the rules of the small datasets and not the table's.
    more: oneOf('Ann', 'Bob').chain((name) => fc.constantFrom({ added_by: [name] }, { title: 'x'.repeat(5000) })),
  },
  researches: {
    key: 'research_id',
    letter: 'r',
    said: fc.record({
      title: oneOf('P', 'Q'),
      department: oneOf('AI', 'DEV'),
      researcher_id: maybe(oneOf('ann', 'zoe')),
      videos: maybe(fc.subarray(['v1', 'v2', 'v9'])),
    }),
    more: fc.constant({ department: 'NONE' }),
  },
};

const BROKEN = ['', '\n', '{"video_id": \n[1]\n', '"text"\n', Buffer.from([0x7b, 0xff, 0xfe, 0x81, 0x0a])];

/** Mostly keys that no other file has, each once. */
function recordsOf({ key, letter, said, more }: Kind, place: number): fc.Arbitrary<object[]> {
  const own = fc
    .subarray([1, 2, 3], { minLength: 1 })
    .chain((numbers) =>
      fc.tuple(...numbers.map((n) => said.map((fields) => ({ [key]: `${letter}${place}-${n}`, ...fields })))),
    );
  const stray = fc
    .tuple(oneOf(`${letter}1`, `${letter}${place}-1`), said, more)
    .map(([id, fields, added]) => [{ [key]: id, ...fields, ...added }]);
  return fc.oneof(
    { weight: 9, arbitrary: own },
    { weight: 1, arbitrary: fc.tuple(own, stray).map((all) => all.flat()) },
  );
}

function fileOf(name: string, kind: Kind, place: number, hours: fc.Arbitrary<number>): fc.Arbitrary<SmallFile> {
  const good = recordsOf(kind, place).map(jsonLines);
  const content = fc.oneof({ weight: 19, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...BROKEN) });
  return fc
    .record({ content, hour: hours })
    .map((file) => ({ ...file, path: `k/${name}_${place}.jsonl`, records: [] }));
}

interface Story {
  /** Imported before, one by one both times. */
  readonly before: SmallFile[];
  readonly files: SmallFile[];
  /** Written over the files, and imported again. */
  readonly later: SmallFile[];
}

/** What mentions and foreign keys lead to. */
const BASE: SmallFile[] = [
  ['channels', '{"channel_id": "c1", "name": "Alpha"}\n{"channel_id": "c2", "name": "Beta"}\n'],
  ['employees', '{"employee_id": "ann", "name": "Ann A"}\n'],
  [
    'queue',
    '{"video_id": "v1", "source_url": "u", "title": "T"}\n{"video_id": "v2", "source_url": "u", "title": "T"}\n',
  ],
].map(([name, content = '']) => ({ path: `base/${name}_0.jsonl`, content, hour: 0, records: [] }));

const story: fc.Arbitrary<Story> = fc
  .tuple(
    fc.oneof(fc.constant(BASE), fc.constant<SmallFile[]>([]), smallFolder),
    fc.shuffledSubarray(Object.keys(KINDS), { minLength: 1, maxLength: 2 }),
  )
  .chain(([before, names]) => {
    const files = (from: number, to: number, hours: fc.Arbitrary<number>) =>
      fc.tuple(
        ...Object.entries(KINDS)
          .filter(([name]) => names.includes(name))
          .flatMap(([name, kind]) => Array.from({ length: to - from }, (_, n) => fileOf(name, kind, from + n, hours))),
      );
    return fc.record({
      before: fc.constant(before),
      files: files(2, 8, fc.integer({ min: 0, max: 3 })),
      later: files(4, 7, fc.constant(5)),
    });
  });

const byPath = (files: readonly SmallFile[]): string[] => [...new Set(files.map(({ path }) => path))].sort();

async function tell(together: boolean, { before, files, later }: Story): Promise<unknown> {
  await emptyTables(database.owner);
  const root = await makeFolder([...before, ...files]);
  const take = async (paths: readonly string[]): Promise<void> => {
    if (together) await importAll(ingest, root, paths);
    else for (const path of paths) await importAll(ingest, root, [path]);
  };
  for (const path of byPath(before)) await importAll(ingest, root, [path]);
  await take(byPath(files));
  await writeFiles(root, later);
  await take(byPath([...files, ...later]));
  expect(await leftovers(database.owner)).toEqual([]);
  expect(await replayedChanges(database.owner)).toEqual([]);
  return account();
}

/** Inside of old and new values. Of two changes in one transaction, the later one does not change the time: nothing may be left of it. */
const TIMES = /, "(?:created|updated)_date": "[^"]*"|"(?:created|updated)_date": "[^"]*",? ?/g;

/** Everything but ids and times, with imports as their paths and places in the order of their path's imports. */
async function account(): Promise<unknown> {
  const { rows: imports } = await database.owner.query(
    `SELECT i.import_id, i.path || '#' || row_number() OVER (PARTITION BY i.dataset, i.path ORDER BY i.id) AS name,
            to_jsonb(i) - ARRAY['id', 'import_id', 'started_at', 'finished_at', 'error'] || jsonb_build_object('error', i.error -> 'code') AS line
       FROM imports i ORDER BY 2`,
  );
  const named = (text: string): string =>
    imports.reduce((told: string, { import_id: id, name }) => told.replaceAll(id, name), text);
  const told: Record<string, unknown> = { imports: imports.map(({ name, line }) => [name, line]) };
  const tables = [...ROW_TABLES, 'change_log', 'references', 'origins', 'rejects'];
  for (const table of tables) {
    const { rows } = await database.owner.query<{ row: string }>(
      `SELECT (to_jsonb(t) - ARRAY['id', 'created_at', 'updated_at', 'updated_date', 'created_date', 'changed_at', 'resolved_at',
                                   'search_english', 'search_simple', 'search_often'])::text AS row
         FROM "${table}" t`,
    );
    told[table] = rows.map(({ row }) => named(row.replace(TIMES, ''))).sort();
  }
  return told;
}

test('files together and files one by one give the same rows, counts, rejects, mentions, origins and changes', async () => {
  const property = fc.asyncProperty(story, async (one) => {
    expect(await tell(true, one)).toEqual(await tell(false, one));
  });
  await fc.assert(property, {
    numRuns: Number(process.env['PROPERTY_RUNS'] ?? process.env['DRILL_RUNS'] ?? 3),
    endOnFailure: true,
  });
}, 600_000);
