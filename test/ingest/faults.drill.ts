/** The connection or the database fails while an import runs: it is tried again as a whole, and counts once. */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { importFile } from '../../src/ingest/run.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { contents, emptyTables, ingestOf, leftovers, makeFolder } from '../support/import-folder.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
beforeEach(() => emptyTables(database.owner));

const records = Array.from({ length: 2000 }, (_, n) => ({
  video_id: `v${n}`,
  source_url: 'u',
  title: 'T',
  phase: n === 7 ? 9 : 1,
}));

async function request() {
  const root = await makeFolder([{ path: 'queue_1.jsonl', content: jsonLines(records) }]);
  return { file: `${root}/queue_1.jsonl`, path: 'queue_1.jsonl', actor: TESTER };
}

/** Ends the connection that imports, from outside. */
async function endImporting(): Promise<void> {
  await database.owner.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'cairn write' AND xact_start IS NOT NULL AND state <> 'idle'`,
  );
}

test('an import whose connection is ended is tried again, and counts as one', async () => {
  let times = 0;
  const result = await importFile(ingest, {
    ...(await request()),
    onProgress() {
      times += 1;
      if (times === 1) void endImporting();
    },
  });
  expect(result).toMatchObject({ status: 'imported', read: 2000, inserted: 1999, rejected: 1 });
  const { rows } = await database.owner.query(
    'SELECT (SELECT count(*) FROM rejects) AS rejects, (SELECT count(*) FROM change_log) AS changes',
  );
  expect(rows).toEqual([{ rejects: 1n, changes: 1999n }]);
  expect(await leftovers(database.owner)).toEqual([]);
});

test('a connection that is ended each time fails the import and leaves nothing', async () => {
  const failing = importFile(ingest, { ...(await request()), onProgress: () => void endImporting() });
  await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', kind: 'transient' });
  expect(await contents(database.owner)).toEqual({});
  const { rows } = await database.owner.query(`SELECT status, error ->> 'code' AS code FROM imports`);
  expect(rows).toEqual([{ status: 'failed', code: 'DATABASE_UNREACHABLE' }]);
});

/** A pool whose first COMMIT is done, and whose answer is lost. */
function losingFirstAnswer(pool: pg.Pool): pg.Pool {
  let lost = false;
  return new Proxy(pool, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'connect') return typeof value === 'function' ? value.bind(target) : value;
      return async () => {
        const client = await target.connect();
        const query = client.query.bind(client);
        const losing = async (...args: Parameters<typeof query>): Promise<unknown> => {
          const answer: unknown = await query(...args);
          const [text] = args as readonly unknown[];
          if (text !== 'COMMIT' || lost) return answer;
          lost = true;
          throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
        };
        return new Proxy(client, {
          get(of, part) {
            const held: unknown = Reflect.get(of, part, of);
            if (part === 'query')
              return (...args: Parameters<typeof query>) =>
                (args[0] as unknown) === 'COMMIT' ? losing(...args) : query(...args);
            return typeof held === 'function' ? held.bind(of) : held;
          },
        });
      };
    },
  });
}

test('a commit whose answer is lost is recognised: what it counted stands', async () => {
  const write = losingFirstAnswer(database.write);
  const result = await importFile({ ...ingest, database: { ...database, write } }, await request());
  expect(result).toMatchObject({ status: 'imported', read: 2000, inserted: 1999, unchanged: 0, rejected: 1 });
  expect((await database.owner.query('SELECT count(*) AS count FROM rejects')).rows).toEqual([{ count: 1n }]);
});
