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
import { jsonLines, type SmallFile, smallFile, smallFolder } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

const oneOf = (...values: readonly string[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const key = (letter: string) => fc.integer({ min: 1, max: 12 }).map((n) => `${letter}${n}`);

/** Keys enough that most files meet no other, and every way to bring something along. */
const RECORDS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  channels: fc.record({
    channel_id: key('c'),
    name: oneOf('Alpha', 'ALPHA', 'Beta', 'Gamma'),
    category: maybe(oneOf('k', 'l')),
    videos: maybe(fc.array(key('v'), { maxLength: 2 })),
  }),
  notes: fc.record({
    video_id: key('v'),
    source_url: oneOf('https://x.org/1', 'https://x.org/2'),
    title: oneOf('One', 'Two'),
    phase: maybe(fc.constantFrom(1, 9)),
    channel_id: maybe(oneOf('c1', 'c2')),
    channel: maybe(oneOf('Alpha', 'beta')),
    other: maybe(oneOf('x', 'y')),
    said: maybe(fc.array(oneOf('hm', 'ah'), { maxLength: 3 })),
  }),
  queue: fc.record({
    video_id: key('v'),
    source_url: oneOf('https://x.org/1', 'https://x.org/2'),
    // Passes the rules of the small datasets and not the table's.
    title: oneOf('One', 'Two', 'x'.repeat(5000)),
    channel_id: maybe(oneOf('c1', 'c2')),
    channel: maybe(oneOf('Alpha', 'beta')),
    added_by: maybe(fc.constantFrom(['Ann'], ['Bob'])),
  }),
  researches: fc.record({
    research_id: key('r'),
    title: oneOf('P', 'Q'),
    department: oneOf('AI', 'DEV', 'NONE'),
    researcher_id: maybe(oneOf('ann', 'bob')),
    videos: maybe(fc.array(key('v'), { maxLength: 3 })),
  }),
};

const BROKEN = ['', '\n', '{"video_id": \n[1]\n', '"text"\n', Buffer.from([0x7b, 0xff, 0xfe, 0x81, 0x0a])];

/** Files of one kind, a few records each, some of them no records at all. */
const sameKind: fc.Arbitrary<SmallFile[]> = fc.constantFrom(...Object.keys(RECORDS)).chain((kind) => {
  const record = RECORDS[kind] ?? fc.constant({});
  const good = fc.array(record, { minLength: 1, maxLength: 3 }).map(jsonLines);
  const content = fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...BROKEN) });
  return fc
    .array(fc.record({ content, hour: fc.integer({ min: 0, max: 3 }) }), { minLength: 4, maxLength: 9 })
    .map((files) => files.map((file, place) => ({ ...file, path: `k/${kind}_${place}.jsonl`, records: [] })));
});

interface Story {
  /** Imported before, one by one both times. */
  readonly before: SmallFile[];
  readonly files: SmallFile[];
  /** Written over the files, and imported again. */
  readonly later: SmallFile[];
}

const story: fc.Arbitrary<Story> = fc
  .tuple(fc.oneof(fc.constant<SmallFile[]>([]), smallFolder), fc.array(sameKind, { minLength: 1, maxLength: 2 }))
  .chain(([before, kinds]) => {
    const files = kinds.flat();
    const later = fc.subarray(files, { maxLength: 4 }).chain((some) =>
      fc.tuple(
        ...some.map((file) => {
          const kind = file.path.replace(/^.*\/|_.*$/g, '');
          return smallFile(kind, 0).map(({ content, records }) => ({ path: file.path, hour: 5, content, records }));
        }),
      ),
    );
    return later.map((again) => ({ before, files, later: again }));
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

/** Inside of old and new values. */
const TIMES = /"(?:created|updated)_date": "[^"]*",? ?/g;

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
                                   'search_english', 'search_simple'])::text AS row
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
  await fc.assert(property, { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 5), endOnFailure: true });
}, 600_000);
