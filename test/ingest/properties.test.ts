/** What holds of every folder, whatever is in it: shown over generated ones. */
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { closePools, openPools } from '../../src/database/pools.ts';
import { type FolderResult, importFolder } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import {
  type Contents,
  contents,
  emptyTables,
  importAll,
  ingestOf,
  leftovers,
  makeFolder,
  writeFiles,
  writeMark,
} from '../support/import-folder.ts';
import { replayedChanges } from '../support/replay.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { jsonLines, type SmallFile, shuffledFolder, smallFile, smallFolder } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
/** As another process has them: its own connections. */
const otherPools = openPools(database.apiUrl, silentLog());
const otherIngest = { ...ingest, database: { ...database, ...otherPools } };
afterAll(() => closePools(otherPools));
const paths = (files: readonly SmallFile[]): string[] => files.map(({ path }) => path);

beforeEach(() => emptyTables(database.owner));

/** Runs a property on an emptied database each time; the drills run it oftener. */
async function always<T>(arbitrary: fc.Arbitrary<T>, runs: number, holds: (value: T) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(arbitrary, holds).beforeEach(() => emptyTables(database.owner));
  await fc.assert(property, {
    numRuns: Number(process.env['PROPERTY_RUNS'] ?? process.env['DRILL_RUNS'] ?? runs),
    endOnFailure: true,
  });
}

test('any order of the files gives the same rows, links and mentions', async () => {
  await always(shuffledFolder, 5, async ({ files, order }) => {
    const root = await makeFolder(files);
    await importAll(ingest, root, paths(files));
    const one = await contents(database.owner);
    await emptyTables(database.owner);
    await importAll(ingest, root, paths(order));
    expect(await contents(database.owner)).toEqual(one);
  });
});

test('importing twice is importing once: the second writes to the imports alone', async () => {
  await always(smallFolder, 3, async (files) => {
    const root = await makeFolder(files);
    await importAll(ingest, root);
    const mark = await writeMark(database.owner);
    const again = await importAll(ingest, root);
    expect(again.imports.map(({ status }) => status)).toEqual(files.map(() => 'unchanged'));
    expect(await writeMark(database.owner)).toBe(mark);
  });
});

test('two imports of one folder at once give what one gives', async () => {
  await always(smallFolder, 3, async (files) => {
    const root = await makeFolder(files);
    await importAll(ingest, root);
    const one = await contents(database.owner);
    await emptyTables(database.owner);
    const other = {
      actor: TESTER,
      root,
      files: [...files].reverse().map(({ path }) => ({ path, file: `${root}/${path}` })),
    };
    const both = await Promise.all([importAll(ingest, root, paths(files)), importFolder(otherIngest, other)]);
    for (const { imports } of both) for (const one of imports) expect(['imported', 'unchanged']).toContain(one.status);
    expect(await contents(database.owner)).toEqual(one);
    expect(await leftovers(database.owner)).toEqual([]);
  });
});

function expectSums({ imports }: FolderResult, files: readonly SmallFile[]): void {
  for (const { path, status, read, inserted, updated, unchanged, rejected, derived } of imports) {
    const records = files.find((file) => file.path === path)?.records.length ?? 0;
    expect(read).toBe(status === 'unchanged' ? 0 : records);
    expect(inserted + updated + unchanged + rejected).toBe(read);
    for (const count of [inserted, updated, unchanged, rejected, derived]) expect(count).toBeGreaterThanOrEqual(0);
  }
}

/** A folder, and a later version of its first file, which says other things of the same keys and names some of them no more. */
const editedFolder = smallFolder.chain((files) => {
  const [first] = files;
  const kind = first?.path.replace(/^.*\/|_.*$/g, '') ?? 'queue';
  return fc.tuple(smallFile(kind, 0), fc.subarray([...(first?.records ?? [])])).map(([{ records: newer }, kept]) => {
    const records = [...newer, ...kept];
    return { files, later: { path: first?.path ?? '', hour: 5, records, content: jsonLines(records) } };
  });
});

test('counts add up, rejects are kept, and the change log replayed from empty is the tables', async () => {
  await always(editedFolder, 4, async ({ files, later }) => {
    const root = await makeFolder(files);
    expectSums(await importAll(ingest, root), files);
    await writeFiles(root, [later]);
    expectSums(
      await importAll(ingest, root),
      files.map((file) => (file.path === later.path ? later : file)),
    );
    const { rows } = await database.owner.query(
      `SELECT i.path FROM imports i WHERE rejected <> (SELECT count(*) FROM rejects r WHERE r.import_id = i.import_id)`,
    );
    expect(rows).toEqual([]);
    expect(await replayedChanges(database.owner)).toEqual([]);
    const blind = await database.owner.query('SELECT * FROM change_log WHERE import_id IS NULL OR changed_by = $1', [
      '',
    ]);
    expect(blind.rows).toEqual([]);
  });
});

/**
 * Versions of a folder's files, one after the other: each later one says other things of the same keys, and names some of those
 * before no more, and may be older than the one before (a backup put back); and the same versions in another order, in which only
 * those of one file follow each other as they did.
 */
const histories = smallFolder.chain((files) =>
  fc
    .array(
      fc.nat({ max: files.length - 1 }).chain((place) => laterVersion(files[place], place)),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .chain((later) => {
      const versions = [...files, ...later];
      return fc.shuffledSubarray(versions, { minLength: versions.length }).map((order) => {
        const left = new Map(files.map(({ path }) => [path, versions.filter((version) => version.path === path)]));
        return { versions, order: order.flatMap(({ path }) => left.get(path)?.shift() ?? []) };
      });
    }),
);

function laterVersion(file: SmallFile | undefined, place: number): fc.Arbitrary<SmallFile> {
  const { path = '', records = [] } = file ?? {};
  const kind = path.replace(/^.*\/|_.*$/g, '');
  return fc
    .tuple(smallFile(kind, place), fc.subarray([...records]), fc.integer({ min: 0, max: 5 }))
    .map(([{ records: newer }, kept, hour]) => {
      const all = [...newer, ...kept];
      return { path, hour, records: all, content: jsonLines(all) };
    });
}

test('versions of files give the same rows, links and mentions in any order in which those of one file follow each other', async () => {
  await always(histories, 2, async ({ versions, order }) => {
    const importEach = async (given: readonly SmallFile[]): Promise<Contents> => {
      await emptyTables(database.owner);
      const root = await makeFolder();
      for (const version of given) {
        await writeFiles(root, [version]);
        await importAll(ingest, root, [version.path]);
      }
      return contents(database.owner);
    };
    expect(await importEach(order)).toEqual(await importEach(versions));
  });
});
