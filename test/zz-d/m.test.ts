import { writeFile } from 'node:fs/promises';
import { test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
const database = await useTestDatabase();
test('m', async () => {
  const q = (s: string) => database.owner.query(s);
  await q(`INSERT INTO videos (video_id, title, source_url, transcript_content) SELECT 'Video_' || n, 'T', 'https://e.org', repeat('some words ', 200) FROM generate_series(1, 6000) n`);
  const out: string[] = [];
  const ex = async (s: string) => { await q('BEGIN'); const { rows } = await q(`EXPLAIN (ANALYZE, BUFFERS OFF) ${s}`); await q('ROLLBACK'); out.push(s.slice(0, 80), ...rows.map((r) => r['QUERY PLAN'])); };
  await ex(`UPDATE videos t SET phase = 3`);
  await ex(`UPDATE videos t SET phase = 3, edited_values = CASE WHEN t.origin_import_id IS NULL THEN t.edited_values ELSE '{}' END`);
  await q('ALTER TABLE videos DISABLE TRIGGER log_update');
  await ex(`UPDATE videos t SET phase = 4`);
  await writeFile('/tmp/dprobe/m.txt', out.join('\n'));
}, 120000);
