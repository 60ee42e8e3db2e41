/** What the tables' triggers do at each write: version and time of the last change, search vectors, the change log. */
import { beforeEach, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { emptyTables } from '../support/import-folder.ts';

const { owner } = await useTestDatabase();

beforeEach(async () => {
  await emptyTables(owner);
  await owner.query(
    `INSERT INTO videos (video_id, source_url, title, transcript_content, metadata)
     VALUES ('v1', 'https://x.org/1', 'First title', 'spoken words', '{"b": 1, "a": [2, null]}')`,
  );
});

async function row(): Promise<Record<string, unknown>> {
  const { rows } = await owner.query("SELECT *, updated_at::text AS told FROM videos WHERE video_id = 'v1'");
  return rows[0];
}

async function lastChange(): Promise<Record<string, unknown>> {
  const { rows } = await owner.query(
    `SELECT operation, record_id, old_values, new_values FROM change_log WHERE table_name = 'videos' ORDER BY id DESC LIMIT 1`,
  );
  return rows[0];
}

test('an update that changes nothing raises no version, moves no time and logs no change', async () => {
  const before = await row();
  const { rowCount } = await owner.query("UPDATE videos SET title = title, status = 'queued', metadata = metadata");
  expect(rowCount).toBe(1);
  expect(await row()).toEqual(before);
  expect((await lastChange())['operation']).toBe('insert');
});

test('an update that changes a value raises the version by one and moves the time', async () => {
  const before = await row();
  await owner.query("UPDATE videos SET status = 'completed'");
  const after = await row();
  expect(after['version']).toBe(Number(before['version']) + 1);
  expect(after['told']).not.toBe(before['told']);
});

test('the log has of an update what changed, and nothing else', async () => {
  await owner.query("UPDATE videos SET title = 'Second', phase = 3, status = status");
  expect(await lastChange()).toEqual({
    operation: 'update',
    record_id: 'v1',
    old_values: { title: 'First title', phase: null },
    new_values: { title: 'Second', phase: 3 },
  });
});

test('the log has of an insert and of a delete every column but those that follow from others', async () => {
  const { rows } = await owner.query(
    `SELECT to_jsonb(v) - ARRAY['id', 'version', 'search_english', 'search_simple', 'search_often', 'created_at', 'updated_at',
                                'origin_import_id', 'origin_line', 'origin_raw', 'edited_values'] AS told FROM videos v`,
  );
  expect(await lastChange()).toMatchObject({ operation: 'insert', old_values: null, new_values: rows[0].told });
  await owner.query('DELETE FROM videos');
  expect(await lastChange()).toMatchObject({ operation: 'delete', old_values: rows[0].told, new_values: null });
});

test('search vectors follow the texts that they are made of', async () => {
  const finds = async (word: string): Promise<boolean[]> => {
    const { rows } = await owner.query(
      `SELECT search_english @@ to_tsquery('english', $1) AS english, search_simple @@ to_tsquery('simple', $1) AS simple FROM videos`,
      [word],
    );
    return [rows[0].english, rows[0].simple];
  };
  expect(await finds('spoken')).toEqual([true, true]);
  await owner.query("UPDATE videos SET transcript_content = 'other things'");
  expect(await finds('spoken')).toEqual([false, false]);
  expect(await finds('other & first')).toEqual([true, true]);
  await owner.query('UPDATE videos SET transcript_content = NULL');
  expect(await finds('first')).toEqual([true, true]);
});

test('a long text has its most frequent words once more with the row, and each ranks by them as by all; a short one has not', async () => {
  expect((await row())['search_often']).toBeNull();
  const words = Array.from({ length: 150 }, (_, n) => `wörd${n}z `.repeat(1 + (n % 90)));
  await owner.query("UPDATE videos SET title = 'Wörd89z first', transcript_content = $1", [words.join('. ')]);
  const { rows } = await owner.query(
    `SELECT count(*)::int AS words, min(cardinality(positions)) AS least,
            bool_and(ts_rank(search_often, lexeme::tsquery) = ts_rank(search_english, lexeme::tsquery)) AS same
       FROM videos, unnest(search_often)`,
  );
  expect(rows).toEqual([{ words: 40, least: 56, same: true }]);
  await owner.query("UPDATE videos SET transcript_content = 'few words'");
  expect((await row())['search_often']).toBeNull();
});

test('vectors that were spoilt can be made anew', async () => {
  const before = await row();
  await owner.query("UPDATE videos SET search_simple = ''");
  await owner.query('UPDATE videos SET search_english = NULL');
  const { search_english: english, search_simple: simple } = await row();
  expect([english, simple]).toEqual([before['search_english'], before['search_simple']]);
});

test('search vectors are made anew only where their texts change', async () => {
  const client = await owner.connect();
  try {
    await client.query('BEGIN');
    // Whoever makes a vector now is heard.
    await client.query(
      `CREATE OR REPLACE FUNCTION search_text(value text, most integer) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
       $$ BEGIN RAISE EXCEPTION 'a vector is made'; END; $$`,
    );
    const set = (sets: string) => client.query(`UPDATE videos SET ${sets}`);
    await set("status = 'completed', title = title, transcript_content = 'spoken words'");
    await expect(set("title = 'Second'")).rejects.toThrow('a vector is made');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});
