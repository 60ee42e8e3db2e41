/** Rows as the tables can hold them, whoever wrote them: also what no import would ever have let in. */
import fc from 'fast-check';
import type pg from 'pg';
import { identifier } from '../../src/database/copy.ts';
import { type Columns, readTable } from '../../src/ingest/table.ts';
import { AWKWARD, json, maybe, moment, number, one, text, whole } from './random-values.ts';

type Arbitraries = Readonly<Record<string, fc.Arbitrary<string | null>>>;

const DEPARTMENT = one('VID', 'AI', 'LGN', 'DEV', 'HR', 'DESIGN', 'SALES', 'SMM');
const path = maybe(text(0, 300));

/** By table, in the order of their references. Keys and references are added. */
const TABLES: Readonly<
  Record<string, { key: readonly string[]; refers?: Readonly<Record<string, string>>; columns: Arbitraries }>
> = {
  employees: {
    key: ['employee_id'],
    columns: { name: text(1, 300), email: maybe(text(0, 300)), department: maybe(DEPARTMENT), metadata: json },
  },
  channels: {
    key: ['channel_id'],
    columns: {
      name: text(1, 300),
      platform: text(1, 100),
      url: path,
      category: path,
      last_scan_date: maybe(moment),
      metadata: json,
    },
  },
  influencers: {
    key: ['influencer_id'],
    columns: {
      name: text(1, 300),
      platform: maybe(text(0, 100)),
      category: path,
      subscriber_count: maybe(whole(0, 2_147_483_647)),
      engagement_rate: maybe(number(0, 100)),
      last_updated: maybe(moment),
      metadata: json,
    },
  },
  videos: {
    key: ['video_id'],
    refers: { channel_id: 'channels' },
    columns: {
      source_url: text(1, 300),
      title: text(1, 300),
      duration: maybe(whole(0, 2_147_483_647)),
      status: one('queued', 'transcribing', 'analyzing', 'completed', 'failed'),
      phase: maybe(whole(1, 7)),
      transcript_path: path,
      transcript_content: maybe(text(0, 2000)),
      created_date: moment,
      completed_date: maybe(moment),
      metadata: json,
    },
  },
  researches: {
    key: ['research_id'],
    refers: { researcher_id: 'employees' },
    columns: {
      title: text(1, 300),
      department: DEPARTMENT,
      status: one('planning', 'active', 'review', 'completed', 'archived'),
      created_date: moment,
      output_path: path,
      metadata: json,
    },
  },
  search_queue: {
    key: ['search_id'],
    refers: { assigned_to: 'employees' },
    columns: {
      department: DEPARTMENT,
      status: one('pending', 'active', 'completed', 'cancelled'),
      priority: maybe(whole(1, 5)),
      created_date: moment,
      query: text(1, 300),
      results_path: path,
      completed_date: maybe(moment),
      metadata: json,
    },
  },
  reports: {
    key: ['report_id'],
    refers: { research_id: 'researches' },
    columns: {
      title: text(1, 300),
      report_type: maybe(text(0, 200)),
      file_path: path,
      created_date: moment,
      published_date: maybe(moment),
      metadata: json,
    },
  },
  analysis_results: {
    key: ['analysis_id'],
    refers: { video_id: 'videos' },
    columns: {
      analysis_type: one('gap_analysis', 'library_mapping', 'extraction', 'validation', 'phase_report'),
      file_path: path,
      results: json,
    },
  },
  research_videos: {
    key: ['research_id', 'video_id'],
    refers: { research_id: 'researches', video_id: 'videos' },
    columns: { relevance_score: maybe(number(0, 1)) },
  },
  // Parts stand in a list: the first of each video is enough to tell whether the list comes back.
  video_segments: {
    key: ['video_id'],
    refers: { video_id: 'videos' },
    columns: {
      position: one('1'),
      start_seconds: maybe(number(0, 1e6)),
      end_seconds: maybe(number(0, 1e6)),
      speaker: maybe(text(0, 200)),
      text: text(1, 500),
    },
  },
  video_influencers: {
    key: ['video_id', 'influencer_id'],
    refers: { video_id: 'videos', influencer_id: 'influencers' },
    columns: {},
  },
};

export interface RandomRow {
  readonly table: string;
  readonly values: Readonly<Record<string, string | null>>;
}

/** Keys by which the rows of all tables are known and refer to each other: the awkward texts themselves. */
const KEYS = AWKWARD.filter((key) => key !== '' && [...key].length <= 200);
const KEY = fc.constantFrom(...KEYS);

/** Rows of every table; those that refer to a row that is not among them are left out when they are written. */
export const randomRows: fc.Arbitrary<readonly RandomRow[]> = fc
  .tuple(
    ...Object.entries(TABLES).map(([table, { key, refers = {}, columns }]) => {
      const keys = Object.fromEntries(key.map((column) => [column, KEY]));
      const references = Object.fromEntries(
        Object.keys(refers).map((column) => [column, key.includes(column) ? KEY : maybe(KEY)]),
      );
      const row = fc.record<Record<string, string | null>>({ ...columns, ...keys, ...references });
      return fc
        .uniqueArray(row, {
          minLength: 3,
          maxLength: 9,
          selector: (made) => key.map((column) => made[column]).join('\n'),
        })
        .map((rows) => rows.map((values) => ({ table, values })));
    }),
  )
  .map((tables) => tables.flat());

/** Writes the rows as no import would: by hand, column by column. */
export async function insertRandomRows(pool: pg.Pool, rows: readonly RandomRow[]): Promise<void> {
  const client = await pool.connect();
  try {
    const shapes = new Map<string, Columns>();
    await client.query('BEGIN');
    for (const { table, values } of rows) {
      const { refers = {} } = TABLES[table] ?? {};
      const types = shapes.get(table) ?? (await readTable(client, table)).columns;
      shapes.set(table, types);
      const columns = Object.keys(values);
      const place = (column: string): string => `$${columns.indexOf(column) + 1}::text`;
      const there = Object.entries(refers).map(
        ([column, target]) =>
          `(${place(column)} IS NULL OR EXISTS (SELECT FROM ${target} WHERE ${TABLES[target]?.key[0]} = ${place(column)}))`,
      );
      const cast = columns.map((column) => `${place(column)}::${types.get(column)?.type ?? 'text'}`);
      await client.query(
        `INSERT INTO ${table} (${columns.map(identifier).join(', ')}) SELECT ${cast.join(', ')} WHERE ${there.join(' AND ') || 'true'}`,
        Object.values(values),
      );
    }
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
