/** Where exports are measured: an embedded server with a table of videos, filled by the database itself. */
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../src/database/connect.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Bench, Shared } from '../job.ts';

export interface ExportHouse {
  readonly dataDir: string;
  /** Connection string of the application's role. */
  readonly apiUrl: string;
  readonly videos: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Videos as the bench of imports has them, made without a file: the same for one number of them. */
const VIDEOS = `
  INSERT INTO videos (video_id, source_url, title, duration, channel_id, status, phase, created_date, completed_date, metadata)
  SELECT 'v' || lpad(n::text, 8, '0'), 'https://www.youtube.com/watch?v=abc' || lpad(n::text, 8, '0'),
         (ARRAY['agent', 'model', 'market', 'startup', 'research', 'review'])[1 + n % 6] || ' growth "product" pricing, video ' || n,
         30 + n % 7000, 'c' || n % 500, (ARRAY['queued', 'transcribing', 'analyzing', 'completed'])[1 + n % 4], 1 + n % 7,
         timestamptz '2021-01-01T00:00:00Z' + n * interval '1.001 minutes',
         CASE WHEN n % 4 = 3 THEN timestamptz '2021-01-02T00:00:00Z' + n * interval '1 minute' END,
         jsonb_build_object('language', 'en', 'views', n, 'youtube_id', 'abc' || lpad(n::text, 8, '0'))
    FROM generate_series(0, $1::integer - 1) n`;

/** The house of the suite, opened once. */
export function houseOf(bench: Bench): Promise<ExportHouse> {
  return bench.share('export house', () => openHouse(bench));
}

async function openHouse(bench: Bench): Promise<Shared<ExportHouse>> {
  const videos = bench.sized(1_000_000, 1000);
  const dataDir = join(bench.folder, 'exports');
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, silentLog());
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    // Nobody asks who made these rows: without its triggers the table is filled in a third of the time.
    await owner.query("SET session_replication_role = 'replica'");
    await owner.query(
      "INSERT INTO channels (channel_id, name) SELECT 'c' || n, 'Channel ' || n FROM generate_series(0, 499) n",
    );
    await owner.query(VIDEOS, [videos]);
    await owner.query('VACUUM ANALYZE videos');
    const { rows } = await owner.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    const versions = { PostgreSQL: rows[0]?.version ?? 'unknown' };
    return { value: { dataDir, apiUrl: database.apiUrl, videos, versions }, close: database.close };
  } finally {
    await owner.end();
  }
}
