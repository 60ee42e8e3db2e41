/**
 * Files of one row, edits by hand and edited exports in any order, beside a model of what must come of them: what each file last
 * said, folded by authority, time and path; and edits, which stay until the files say something else than they did then. A row that
 * is deleted and made anew is as if the files had brought it, and what is typed of it an edit.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { editRows } from '../../src/history/edit.ts';
import { importFile } from '../../src/ingest/run.ts';
import { saidOf } from '../../src/ingest/words-of-files.ts';
import type { JsonObject, JsonValue } from '../../src/kernel/json.ts';
import { brokenInvariants } from '../support/broken-invariants.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { exportFiles } from '../support/export-rows.ts';
import { handRows } from '../support/hand-rows.ts';
import { emptyTables, importAll, ingestOf, makeFolder, writeFiles } from '../support/import-folder.ts';
import { SMALL_DATASETS, smallQueue } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
const VIDEOS = { table: 'videos', keyColumn: 'video_id' };
const byHand = handRows(ingest, 'queue');

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const key = oneOf('v1', 'v2');
const title = oneOf('One', 'Two', 'Three');
const phase = oneOf(1, 2, 3);

/** By path: how little its word counts, the dataset first. */
const FILES: Readonly<Record<string, number>> = {
  'notes_a.jsonl': 0,
  'notes_e.jsonl': 0,
  'queue_b.jsonl': 1,
  'queue_c.jsonl': 1,
  'old_d.jsonl': 2,
};

const said = fc.array(oneOf('hm', 'ah', 'oh'), { minLength: 1, maxLength: 3 });
// What is said are parts, which only notes tell.
const record = fc.record({
  title,
  said: maybe(said),
  phase: maybe(phase),
  level: maybe(oneOf(1, 2)),
  other: maybe(oneOf('x', 'y')),
});
const version = fc.record({
  is: fc.constant('version' as const),
  path: oneOf(...Object.keys(FILES)),
  hour: fc.integer({ min: 0, max: 6 }),
  records: fc.dictionary(key, record, { minKeys: 1 }),
});
const edit = fc.record({
  is: oneOf('edit' as const, 'export' as const),
  key,
  values: fc.oneof(fc.record({ title }), fc.record({ phase }), fc.record({ title, phase })),
});
/** An export in which somebody edits what is said. */
const saying = fc.record({ is: fc.constant('saying' as const), key, values: fc.record({ said }) });
const deletion = fc.record({ is: fc.constant('deletion' as const), key });
const creation = fc.record({
  is: fc.constant('creation' as const),
  key,
  values: fc.record({ title, phase: maybe(phase) }),
});
type Event =
  | {
      readonly is: 'version';
      readonly path: string;
      readonly hour: number;
      readonly records: Readonly<Record<string, object>>;
    }
  | { readonly is: 'edit' | 'export' | 'saying' | 'creation'; readonly key: string; readonly values: object }
  | { readonly is: 'deletion'; readonly key: string };

const story: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: version },
    { weight: 3, arbitrary: edit },
    { weight: 2, arbitrary: saying },
    { weight: 3, arbitrary: deletion },
    { weight: 4, arbitrary: creation },
  ),
  { minLength: 3, maxLength: 14 },
);
interface Said {
  hour: number;
  readonly path: string;
  readonly fields: Record<string, JsonValue>;
}
interface Modelled {
  /** What each file last said. */
  readonly said: Map<string, Said>;
  readonly held: Record<string, JsonValue>;
  /** By edited column, what the files had said. */
  readonly edits: Map<string, JsonValue>;
}

/** The rows that must come of the story. */
function modelled(events: readonly Event[]): Map<string, Modelled> {
  const rows = new Map<string, Modelled>();
  const buried = new Map<string, Modelled['said']>();
  const bytes = new Map<string, string>();
  for (const event of events) {
    if (event.is === 'version') {
      const content = contentOf(event);
      // The same bytes are not read again.
      if (bytes.get(event.path) === content) continue;
      bytes.set(event.path, content);
      for (const [id, given] of Object.entries(event.records)) {
        const words = buried.get(id);
        const row = rows.get(id) ?? { said: words ?? new Map(), held: {}, edits: new Map() };
        if (words === undefined) rows.set(id, row);
        say(row, event, plain(toldBy(event.path, given)));
      }
    } else if (event.is === 'deletion') {
      const row = rows.get(event.key);
      if (rows.delete(event.key)) buried.set(event.key, row?.said ?? new Map());
    } else if (event.is === 'creation') {
      if (rows.has(event.key)) continue;
      const said = buried.get(event.key) ?? new Map<string, Said>();
      buried.delete(event.key);
      const words = folded(said);
      const typed = plain(event.values);
      const edits = Object.keys(typed).map((column): [string, JsonValue] => [column, words[column] ?? null]);
      rows.set(event.key, { said, held: { ...words, ...typed }, edits: new Map(said.size === 0 ? [] : edits) });
    } else {
      const row = rows.get(event.key);
      for (const [column, value] of Object.entries(plain(event.values))) {
        const before = row?.held[column] ?? null;
        // Only rows that have parts stand in an export of them.
        if (row === undefined || same(before, value) || (column === 'said' && before === null)) continue;
        if (!row.edits.has(column) && row.said.size > 0) row.edits.set(column, before);
        row.held[column] = value;
      }
    }
  }
  return rows;
}

function say(row: Modelled, { path, hour }: { readonly path: string; readonly hour: number }, given: JsonObject): void {
  const fields = { ...row.said.get(path)?.fields, ...given };
  row.said.set(path, { path, hour, fields });
  for (const [column, value] of Object.entries(folded(row.said))) {
    if (row.edits.has(column) && same(row.edits.get(column), value)) continue;
    row.edits.delete(column);
    row.held[column] = value;
  }
}

/** What the files say of a row, the best of each column. */
function folded(said: Modelled['said']): Record<string, JsonValue> {
  const standing = [...said.values()].sort(
    (a, b) => (FILES[a.path] ?? 0) - (FILES[b.path] ?? 0) || b.hour - a.hour || (a.path < b.path ? -1 : 1),
  );
  return Object.assign({}, ...standing.reverse().map(({ fields }) => fields));
}

const plain = (given: object): Record<string, JsonValue> => JSON.parse(JSON.stringify(given));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const toldBy = (path: string, given: object): object =>
  path.startsWith('notes') ? given : { ...given, said: undefined };
const contentOf = ({ path, records }: Extract<Event, { is: 'version' }>): string =>
  jsonLines(
    Object.entries(records).map(([id, given]) => ({
      video_id: id,
      source_url: 'https://x.org/1',
      ...toldBy(path, given),
    })),
  );

async function happen(event: Event, root: string, place: number): Promise<void> {
  if (event.is === 'version') {
    await writeFiles(root, [{ path: event.path, hour: event.hour, content: contentOf(event) }]);
    await importAll(ingest, root, [event.path]);
  } else if (event.is === 'deletion') {
    await byHand.remove(event.key);
  } else if (event.is === 'creation') {
    const known = await database.owner.query('SELECT FROM videos WHERE video_id = $1', [event.key]);
    const record = { video_id: event.key, source_url: 'https://x.org/1', ...plain(event.values) };
    if (known.rowCount === 0) await byHand.make(record);
  } else if (event.is === 'edit') {
    await writeSession(database.write, TESTER, ({ query }) =>
      editRows(query, VIDEOS, { keys: [event.key], values: plain(event.values) }, saidOf(smallQueue, 't.video_id')),
    );
  } else await editExport(root, event, place);
}

/** Somebody exports the rows, changes one of them, and imports the file. */
async function editExport(
  root: string,
  { is, key: id, values }: Extract<Event, { values: object }>,
  place: number,
): Promise<void> {
  const dataset = is === 'saying' ? 'notes' : 'queue';
  const [name = ''] = await exportFiles(ingest, [{ dataset, format: 'jsonl' }], root);
  const lines = (await readFile(join(root, name), 'utf8')).split('\n').filter((line) => line !== '');
  const { said: parts, ...columns } = plain(values);
  const segments = Array.isArray(parts) ? { segments: parts.map((text) => ({ text })) } : {};
  const edited = lines.map((line) => {
    const row: JsonObject = JSON.parse(line);
    return row['video_id'] === id ? JSON.stringify({ ...row, ...columns, ...segments }) : line;
  });
  const path = `${place}/${name}`;
  await writeFiles(root, [{ path, content: `${edited.join('\n')}\n` }]);
  if (edited.length > 0) await importFile(ingest, { file: join(root, path), path, actor: TESTER });
}

test('files, edits by hand and edited exports in any order give what the model says', async () => {
  const property = fc.asyncProperty(story, async (events) => {
    await emptyTables(database.owner);
    const root = await makeFolder();
    for (const [place, event] of events.entries()) await happen(event, root, place);
    const { rows } = await database.owner.query(
      `SELECT video_id, title, phase, metadata -> 'level' AS level, metadata ->> 'other' AS other,
              (SELECT jsonb_agg(s.text ORDER BY s.position) FROM video_segments s WHERE s.video_id = v.video_id) AS said
         FROM videos v ORDER BY 1`,
    );
    const due = [...modelled(events)].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(rows).toEqual(
      due.map(([id, { held }]) => ({
        video_id: id,
        title: null,
        phase: null,
        level: null,
        other: null,
        said: null,
        ...held,
      })),
    );
    expect(await brokenInvariants(ingest)).toEqual([]);
  });
  await fc.assert(property, {
    numRuns: Number(process.env['PROPERTY_RUNS'] ?? process.env['DRILL_RUNS'] ?? 12),
    endOnFailure: process.env['SHRINK'] === undefined,
  });
}, 600_000);
