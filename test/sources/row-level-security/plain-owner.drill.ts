/** On a server whose user is no superuser policies bind the tables' owner: searches, backups and restores must not lose by it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { restorePortable } from '../../../src/backup/portable/restore.ts';
import { takePortable } from '../../../src/backup/portable/take.ts';
import { prepare } from '../../../src/database/connect.ts';
import { MIGRATIONS } from '../../../src/database/migrate.ts';

const ROLE = `plain_${process.pid}`;
const NAMES = [`${ROLE}_from`, `${ROLE}_to`] as const;

async function over<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  return work(client).finally(() => client.end());
}

const asAdmin = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => over(inject('adminUrl'), work);

function urlOf(database: string): string {
  const url = new URL(inject('adminUrl'));
  Object.assign(url, { username: ROLE, password: 'plain', pathname: `/${database}` });
  return url.href;
}

await asAdmin(async (admin) => {
  await admin.query(`CREATE ROLE ${ROLE} LOGIN CREATEROLE PASSWORD 'plain'`);
  await admin.query(`GRANT cairn_app TO ${ROLE} WITH ADMIN OPTION`);
  for (const name of NAMES) await admin.query(`CREATE DATABASE ${name} OWNER ${ROLE}`);
});
afterAll(() =>
  asAdmin(async (admin) => {
    const { rows } = await admin.query<{ name: string }>(
      `SELECT m.roleid::regrole::text AS name FROM pg_auth_members m
        WHERE m.member = $1::regrole AND m.roleid::regrole::text LIKE 'cairn_app_%'`,
      [ROLE],
    );
    for (const name of NAMES) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    for (const { name } of rows) await admin.query(`DROP ROLE ${name}`);
    await admin.query(`DROP OWNED BY ${ROLE}`);
    await admin.query(`DROP ROLE ${ROLE}`);
  }),
);

test('rows of everybody are backed up and restored, and words are found by their index', {
  timeout: 60_000,
}, async () => {
  const [from, to] = NAMES.map(urlOf);
  if (from === undefined || to === undefined) throw new Error('Two databases were made');
  const { apiUrl } = await prepare(from, MIGRATIONS);
  await over(apiUrl, async (client) => {
    await client.query("SELECT set_config('cairn.owner', '*', false)");
    await client.query(
      `INSERT INTO data_sources (source_id, name, source_type, owner_id, owner_label, owner_role)
       SELECT gen_random_uuid(), o, 'folder', o, o, 'admin'
         FROM unnest(ARRAY['hub', 'user:00000000-0000-4000-8000-000000000001']) o`,
    );
    await client.query(
      `INSERT INTO documents (document_id, source_id, owner_id, is_shared, external_id, title, item_type, text)
       SELECT gen_random_uuid(), source_id, owner_id, is_shared, n, 'A title', 'file', CASE n WHEN 7 THEN 'cormorants' ELSE 'tides' END
         FROM data_sources, generate_series(1, 5000) n`,
    );
  });
  await over(from, async (owner) => {
    await owner.query('ANALYZE documents');
    expect((await owner.query('SELECT count(*)::int AS seen FROM data_sources')).rows).toEqual([{ seen: 0 }]);
  });
  await over(apiUrl, async (client) => {
    await client.query("SELECT set_config('cairn.owner', 'hub', false)");
    const sql =
      "SELECT id FROM searchable_documents WHERE search_simple @@ websearch_to_tsquery('simple', 'cormorants')";
    expect((await client.query(sql)).rowCount).toBe(1);
    expect(JSON.stringify((await client.query(`EXPLAIN ${sql}`)).rows)).toContain('documents_search_simple_idx');
  });
  const folder = await mkdtemp(join(tmpdir(), 'cairn-plain-'));
  try {
    const taken = await takePortable(from, folder, {});
    const manifest = { ...taken, format: 1, createdAt: new Date(0).toISOString(), release: 'test' } as const;
    const { rows, leftOut } = await restorePortable(folder, manifest, { ownerUrl: to });
    expect(leftOut).toEqual([]);
    expect(rows).toMatchObject({ data_sources: 2, documents: 10_000 });
    const forced = "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = 'data_sources'";
    expect(await over(to, async (owner) => (await owner.query(forced)).rowCount)).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
