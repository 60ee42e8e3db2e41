/** Rows of every type that REST lists, by SQL. */
import type pg from 'pg';
import { insertRows, seedResearches } from './research.ts';

/** An import whose rejects the tests read. */
export const IMPORT_ID = '019a0b1c-2d3e-7f40-8a51-62738495a6b7';

/** `count` rows of each type or more, so that every list has so many. */
export async function seedEveryList(owner: pg.Pool, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await seedResearches(owner, count, 1);
  const known = { metadata: {}, created_at: 'now', updated_at: 'now' };
  const own = numbers.filter((n) => n > 1);
  await insertRows(
    owner,
    'employees',
    own.map((n) => ({ ...known, employee_id: `emp-${n}`, name: `Employee ${n}` })),
  );
  await insertRows(
    owner,
    'search_queue',
    numbers.map((n) => ({
      search_id: `SQ-${n}`,
      department: 'LGN',
      status: 'pending',
      priority: n % 5 === 0 ? null : (n % 5) + 1,
      query: `what ${n}`,
      created_date: 'now',
      updated_at: 'now',
      metadata: {},
    })),
  );
  // All of one research, of one video and of one import: lists that belong to a row are as long.
  await insertRows(
    owner,
    'reports',
    numbers.map((n) => ({
      report_id: `more-${n}`,
      research_id: 'RSH-VID-001',
      title: `More ${n}`,
      created_date: 'now',
      updated_at: 'now',
      metadata: {},
    })),
  );
  await insertRows(
    owner,
    'analysis_results',
    numbers.map((n) => ({
      analysis_id: `more-${n}`,
      video_id: 'Video_001-0',
      analysis_type: 'extraction',
      results: {},
      created_at: 'now',
      updated_at: 'now',
    })),
  );
  await owner.query(
    `INSERT INTO research_videos (research_id, video_id, relevance_score)
     SELECT 'RSH-VID-001', v.video_id, 0.25 FROM videos v
      WHERE NOT EXISTS (SELECT FROM research_videos l WHERE l.research_id = 'RSH-VID-001' AND l.video_id = v.video_id)`,
  );
  await owner.query("UPDATE videos SET channel_id = 'YT-1', status = 'queued'");
  await owner.query("UPDATE researches SET department = 'VID'");
  await insertRows(
    owner,
    'imports',
    numbers.map((n) => ({
      import_id: n === 1 ? IMPORT_ID : `019a0b1c-2d3e-7f40-8a51-${String(n).padStart(12, '0')}`,
      dataset: 'videos',
      path: `queue-${n}.csv`,
      rules_version: 1,
      authority: 0,
      status: 'imported',
      actor: 'command:test',
      started_at: 'now',
      read: n,
      inserted: n,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      derived: 0,
      bytes_read: '9007199254740991',
    })),
  );
  await owner.query(
    `INSERT INTO rejects (import_id, dataset, line, raw, errors)
     SELECT $1, 'videos', n, convert_to('line ' || n || ' <b>', 'UTF8'), '[{"field": "title", "code": "MISSING", "message": "No title.", "value": null}]'
       FROM generate_series(1, $2::integer) n`,
    [IMPORT_ID, count],
  );
}
