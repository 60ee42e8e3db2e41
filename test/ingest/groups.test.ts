/** Small files of a folder go in together: each stays an import of its own, and a bad one fails alone. */
import { join } from 'node:path';
import pg from 'pg';
import { beforeEach, expect, test, vi } from 'vitest';
import { type ImportRequest, importsSeen } from '../../src/ingest/import-file.ts';
import { importGroup } from '../../src/ingest/import-group.ts';
import { matchFile } from '../../src/ingest/match.ts';
import { fileFacts } from '../../src/ingest/read/source.ts';
import { type GroupMember, readAhead } from '../../src/ingest/read-ahead.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables, importFiles, ingestOf, leftovers, makeFolder } from '../support/import-folder.ts';
import { replayedChanges } from '../support/replay.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

beforeEach(() => emptyTables(database.owner));

const channel = (n: number, more = ''): string => `{"channel_id": "c${n}", "name": "Channel ${n}"${more}}\n`;
const file = (n: number, content: string | Buffer = channel(n)) => ({ path: `channels_${n}.jsonl`, content });

async function changesByPath(): Promise<Record<string, number>> {
  const { rows } = await database.owner.query(
    `SELECT i.path, count(*)::integer AS changes
       FROM change_log c JOIN imports i ON i.import_id = c.import_id
      GROUP BY i.path ORDER BY i.path`,
  );
  return Object.fromEntries(rows.map(({ path, changes }) => [path, changes]));
}

test('each file has its own line, its own counts and its own changes', async () => {
  const seen: string[] = [];
  const unwatch = importsSeen.watch(({ path }) => ({ ended: ({ result }) => seen.push(`${path} ${result?.status}`) }));
  const { imports, totals } = await importFiles(ingest, [file(1), file(2, channel(2) + channel(3)), file(4)]);
  unwatch();
  expect(imports.map(({ status, inserted }) => [status, inserted])).toEqual([
    ['imported', 1],
    ['imported', 2],
    ['imported', 1],
  ]);
  expect(totals).toMatchObject({ files: 3, read: 4, inserted: 4 });
  expect(seen.sort()).toEqual([1, 2, 4].map((n) => `channels_${n}.jsonl imported`));
  expect(await changesByPath()).toEqual({ 'channels_1.jsonl': 1, 'channels_2.jsonl': 2, 'channels_4.jsonl': 1 });
  const { rows } = await database.owner.query(
    `SELECT c.channel_id, i.path, c.origin_line FROM channels c JOIN imports i ON i.import_id = c.origin_import_id ORDER BY 1`,
  );
  expect(rows.map(({ channel_id, path, origin_line }) => `${channel_id} ${path}:${origin_line}`)).toEqual([
    'c1 channels_1.jsonl:1',
    'c2 channels_2.jsonl:1',
    'c3 channels_2.jsonl:2',
    'c4 channels_4.jsonl:1',
  ]);
});

test('a file that cannot be read fails alone, and its neighbours go in', async () => {
  const broken = file(2, Buffer.concat([Buffer.from(channel(2)), Buffer.from([0xff, 0xfe, 0x00, 0x81, 0x0a])]));
  const { imports } = await importFiles(ingest, [
    file(1),
    broken,
    file(3),
    file(4, channel(4) + channel(4, ', "category": "k"')),
  ]);
  const outcomes = imports.map(({ status, inserted, rejected }) => [status, inserted, rejected]);
  expect(outcomes[0]).toEqual(['imported', 1, 0]);
  expect(outcomes[1]?.[1]).toBe(0);
  expect(outcomes[2]).toEqual(['imported', 1, 0]);
  expect(outcomes[3]).toEqual(['imported', 1, 1]);
  expect(await replayedChanges(database.owner)).toEqual([]);
  expect(await leftovers(database.owner)).toEqual([]);
});

test('a record that its table refuses is a reject of its own file', async () => {
  // Passes the rules of the small datasets, which know no limit, and not the table's.
  const long = channel(2).replace('Channel 2', 'x'.repeat(501));
  const { imports } = await importFiles(ingest, [file(1), file(2, long + channel(5)), file(3)]);
  expect(imports.map(({ status, inserted, rejected }) => [status, inserted, rejected])).toEqual([
    ['imported', 1, 0],
    ['imported', 1, 1],
    ['imported', 1, 0],
  ]);
  const { rows } = await database.owner.query(
    'SELECT i.path, r.line FROM rejects r JOIN imports i ON i.import_id = r.import_id',
  );
  expect(rows).toEqual([{ path: 'channels_2.jsonl', line: 1 }]);
});

test.each([
  ['of new rows', 0, (n: number) => channel(n)],
  ['that change rows of their own', 12, (n: number) => channel(n, ', "category": "k"')],
  ['with rejects', 0, (n: number) => `${channel(n)}{"name": "nobody"}\n`],
])('twelve files %s take as many statements as four', async (_what, known, content) => {
  const files = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => file(n, of(n)));
  const statementsOf = async (count: number): Promise<number> => {
    await emptyTables(database.owner);
    await importFiles(ingest, files(known, channel));
    const sent = vi.spyOn(pg.Client.prototype, 'query');
    const { imports } = await importFiles(ingest, files(count, content));
    const statements = sent.mock.calls.length;
    sent.mockRestore();
    expect(imports.map(({ status, inserted, updated }) => [status, inserted, updated])).toEqual(
      imports.map(() => ['imported', known === 0 ? 1 : 0, known === 0 ? 0 : 1]),
    );
    return statements;
  };
  expect(await statementsOf(12)).toBe(await statementsOf(4));
});

test('what runs before the commit is kept with the files that go in together, and with those that go in alone', async () => {
  const told: string[][] = [];
  const root = await makeFolder([file(1), file(2), file(3, channel(3) + channel(3, ', "category": "k"'))]);
  const beforeCommit: ImportRequest['beforeCommit'] = async ({ client }, results) => {
    told.push(results.map(({ path }) => path));
    // A channel that no file speaks of stands for whatever the caller keeps.
    for (const { importId } of results)
      await client.query("INSERT INTO channels (channel_id, name) VALUES ($1, 'kept')", [importId]);
  };
  const members = [1, 2, 3].map((n) => memberOf(root, `channels_${n}.jsonl`, beforeCommit));
  for await (const group of readAhead(ingest, members)) {
    const together = await importGroup(ingest, group);
    expect([...together.values()].map(({ status }) => status)).toEqual(['imported', 'imported', 'imported']);
  }
  expect(told.flat().sort()).toEqual(['channels_1.jsonl', 'channels_2.jsonl', 'channels_3.jsonl']);
  const { rows } = await database.owner.query(
    "SELECT count(*)::integer AS kept FROM channels c JOIN imports i ON i.import_id::text = c.channel_id WHERE i.status = 'imported'",
  );
  expect(rows).toEqual([{ kept: 3 }]);
});

test('what fails before the commit takes its files with it, and nothing of them is kept', async () => {
  const root = await makeFolder([file(1), file(2)]);
  const beforeCommit: ImportRequest['beforeCommit'] = async () => {
    throw new AppError('INTERRUPTED', 'Another process has taken this over');
  };
  const members = [1, 2].map((n) => memberOf(root, `channels_${n}.jsonl`, beforeCommit));
  for await (const group of readAhead(ingest, members)) {
    const together = await importGroup(ingest, group);
    expect([...together.values()].map(({ status, error }) => [status, error?.code])).toEqual([
      ['failed', 'INTERRUPTED'],
      ['failed', 'INTERRUPTED'],
    ]);
  }
  const { rows } = await database.owner.query('SELECT channel_id FROM channels');
  expect(rows).toEqual([]);
});

test('up to 400 files are read at once, and few of those that hold more, whatever those before them held', async () => {
  const large = (n: number) => channel(n, `, "more": "${'x'.repeat(60_000)}"`);
  const sizesOf = async (count: number, of: (n: number) => string): Promise<number[]> => {
    const root = await makeFolder(Array.from({ length: count }, (_, n) => file(n, of(n))));
    const sizes: number[] = [];
    for await (const group of readAhead(
      ingest,
      Array.from({ length: count }, (_, n) => memberOf(root, `channels_${n}.jsonl`)),
    ))
      sizes.push(group.members.length);
    return sizes;
  };
  expect(await sizesOf(950, channel)).toEqual([100, 400, 400, 50]);
  expect(await sizesOf(450, (n) => (n < 150 ? channel(n) : large(n)))).toEqual([100, 100, 100, 100, 50]);
  expect(await sizesOf(101, channel)).toEqual([100, 1]);
});

function memberOf(root: string, path: string, beforeCommit?: ImportRequest['beforeCommit']): GroupMember {
  const matched = matchFile(ingest, fileFacts(path, new Date(0)));
  if (!('match' in matched)) throw new Error(matched.skipped);
  return { match: matched.match, request: { file: join(root, path), path, actor: TESTER, beforeCommit } };
}
