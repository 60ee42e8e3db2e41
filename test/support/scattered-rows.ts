/** Rows of every listed table with what aggregates stumble over: absent values, ties, numbers of 32 bits, clocks that change. */
import type pg from 'pg';

/** Instants an hour and a bit apart, around the nights when clocks change in Berlin and in New York, and at the turn of a year. */
const AROUND = `(ARRAY['2025-03-29 20:10Z', '2025-10-25 19:20Z', '2025-03-09 01:30Z', '2025-11-01 22:40Z', '2024-12-29 20:00Z']::timestamptz[])[1 + n % 5]
  + n * interval '67 minutes'`;

const STATEMENTS = [
  `INSERT INTO employees (employee_id, name, email, department, created_at, updated_at)
   SELECT 'emp-' || n, 'Name ' || n, CASE WHEN n % 3 > 0 THEN n || '@example.org' END, (ARRAY['VID', 'AI', NULL])[1 + n % 3], at, at
     FROM generate_series(1, 7) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO researches (research_id, title, department, status, created_date, updated_date, researcher_id, output_path)
   SELECT 'RSH-' || n, 'Title ' || n % 9, (ARRAY['VID', 'AI', 'DEV'])[1 + n % 3], (ARRAY['planning', 'active', 'completed', 'active'])[1 + n % 4],
          at, at, CASE WHEN n % 4 > 0 THEN 'emp-' || (1 + n % 3) END, CASE WHEN n % 2 > 0 THEN 'out/' || n % 5 END
     FROM generate_series(1, 23) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO channels (channel_id, name, platform, category, last_scan_date, created_at, updated_at)
   SELECT 'YT-' || n, 'Channel ' || n, (ARRAY['YouTube', 'Vimeo'])[1 + n % 2], CASE WHEN n % 3 > 0 THEN 'kind ' || n % 2 END,
          CASE WHEN n % 2 > 0 THEN at END, at, at
     FROM generate_series(1, 6) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO videos (video_id, source_url, title, duration, channel_id, status, phase, transcript_path, created_date, completed_date, updated_at)
   SELECT 'Video_' || n, 'https://example.org/' || n, 'Title ' || n % 11,
          CASE WHEN n % 5 > 0 THEN (ARRAY[2147483647, 60, 60, 61])[1 + n % 4] END,
          CASE WHEN n % 6 > 0 THEN 'YT-' || (1 + n % 5) END, (ARRAY['queued', 'completed', 'failed'])[1 + n % 3],
          nullif(n % 8, 0), CASE WHEN n % 7 = 0 THEN 'path/' || n END, at, CASE WHEN n % 3 = 1 THEN at + interval '9 hours' END, at
     FROM generate_series(1, 41) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO influencers (influencer_id, name, platform, category, subscriber_count, engagement_rate, last_updated, created_at, updated_at)
   SELECT 'INF-' || n, 'Person ' || n, CASE WHEN n % 2 > 0 THEN 'YouTube' END, CASE WHEN n % 3 > 0 THEN 'kind ' || n % 2 END,
          CASE WHEN n % 4 > 0 THEN 2147483647 - n END, CASE WHEN n % 3 > 0 THEN n / 7.0 END, CASE WHEN n % 2 > 0 THEN at END, at, at
     FROM generate_series(1, 9) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO search_queue (search_id, department, status, priority, query, assigned_to, created_date, completed_date, updated_at)
   SELECT 'S-' || n, (ARRAY['VID', 'SMM'])[1 + n % 2], (ARRAY['pending', 'completed', 'active'])[1 + n % 3], nullif(n % 6, 0), 'query ' || n % 4,
          CASE WHEN n % 3 > 0 THEN 'emp-' || (1 + n % 5) END, at, CASE WHEN n % 2 > 0 THEN at END, at
     FROM generate_series(1, 19) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO reports (report_id, research_id, title, report_type, created_date, published_date, updated_at)
   SELECT 'R-' || n, CASE WHEN n % 4 > 0 THEN 'RSH-' || (1 + n % 6) END, 'Report ' || n, CASE WHEN n % 3 > 0 THEN 'type ' || n % 2 END,
          at, CASE WHEN n % 2 > 0 THEN at END, at
     FROM generate_series(1, 14) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO analysis_results (analysis_id, video_id, analysis_type, created_at, updated_at)
   SELECT 'A-' || n, CASE WHEN n % 4 > 0 THEN 'Video_' || (1 + n % 9) END, (ARRAY['gap_analysis', 'extraction'])[1 + n % 2], at, at
     FROM generate_series(1, 17) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO research_videos (research_id, video_id, relevance_score)
   SELECT 'RSH-' || (1 + n % 7), 'Video_' || (1 + n % 30), 0.5 FROM generate_series(1, 60) n ON CONFLICT DO NOTHING`,
  `INSERT INTO video_influencers (video_id, influencer_id)
   SELECT 'Video_' || (1 + n % 25), 'INF-' || (1 + n % 6) FROM generate_series(1, 50) n ON CONFLICT DO NOTHING`,
  `INSERT INTO imports (import_id, dataset, path, file_hash, status, actor, rules_version, started_at, finished_at, read, inserted, file_modified_at)
   SELECT format('019a0000-0000-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, (ARRAY['videos', 'reports'])[1 + n % 2], 'file-' || n % 3,
          CASE WHEN n % 2 > 0 THEN repeat('a', 64) END, (ARRAY['imported', 'failed'])[1 + n % 2], 'command:test', 1, at,
          CASE WHEN n % 3 > 0 THEN at END, n, n, CASE WHEN n % 4 > 0 THEN at END
     FROM generate_series(1, 11) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO rejects (import_id, dataset, line, raw, errors, status, created_at, resolved_at)
   SELECT format('019a0000-0000-7000-8000-%s', lpad((1 + n % 4)::text, 12, '0'))::uuid, 'videos', n, 'x', '[]', (ARRAY['open', 'fixed'])[1 + n % 2],
          at, CASE WHEN n % 2 > 0 THEN at END
     FROM generate_series(1, 13) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO users (user_id, email, name, role, created_at, disabled_at)
   SELECT format('019b0000-0000-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, 'user-' || n || '@example.org', CASE WHEN n % 2 > 0 THEN 'Name ' || n % 3 END,
          (ARRAY['viewer', 'admin'])[1 + n % 2], at, CASE WHEN n % 3 = 0 THEN at END
     FROM generate_series(1, 7) n, LATERAL (SELECT ${AROUND} AS at) x`,
  `INSERT INTO tokens (token_id, name, role, user_id, hash, prefix, created_by, created_at, expires_at, last_used_at)
   SELECT format('019c0000-0000-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, 'token-' || n, (ARRAY['viewer', 'editor'])[1 + n % 2],
          CASE WHEN n % 3 > 0 THEN format('019b0000-0000-7000-8000-%s', lpad((1 + n % 4)::text, 12, '0'))::uuid END, 'hash-' || n, 'crn_' || n % 2,
          'command:test', at, CASE WHEN n % 2 > 0 THEN at + interval '1 year' END, CASE WHEN n % 4 > 0 THEN at END
     FROM generate_series(1, 9) n, LATERAL (SELECT ${AROUND} AS at) x`,
  // Only open sessions are anyone's to see, so these were all used just now.
  `INSERT INTO sessions (session_id, hash, label, user_id, method, user_agent, expires_at)
   SELECT format('019d0000-0000-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, 'hash-' || n, 'user:' || n % 3,
          format('019b0000-0000-7000-8000-%s', lpad((n)::text, 12, '0'))::uuid, (ARRAY['link', 'oidc'])[1 + n % 2],
          CASE WHEN n % 3 > 0 THEN 'Browser ' || n % 2 END, now() + interval '1 day'
     FROM unnest(ARRAY[1, 2, 4, 5, 7]) n`,
];

/** A few dozen rows in each table, the same at every call. */
export async function seedScattered(owner: pg.Pool): Promise<void> {
  for (const statement of STATEMENTS) await owner.query(statement);
}
