/** Rows as the tables can hold them, whoever wrote them: also what no import would ever have let in. */
import fc from 'fast-check';
import type pg from 'pg';
import { identifier } from '../../src/database/copy.ts';
import { type Columns, readTable } from '../../src/ingest/table.ts';

/** Texts that files, spreadsheets and readers like to change. */
const AWKWARD = [
  '',
  ' ',
  'N/A',
  'unknown',
  '[To be extracted]',
  'Not Provided. Based on content: "X"',
  ' padded ',
  '\u00a0no-break\u00a0',
  '"quoted" and ""twice""',
  "'tis",
  "'=1+1",
  "''=1+1",
  '=1+1',
  '+49 30 1234',
  '-5',
  '@handle',
  '\t=tab',
  '\r=return',
  'a\nb',
  'a\r\nb',
  'a\rb',
  '\n',
  'a,b;c|d\te',
  'sep=;',
  '00123',
  '1e5',
  '12.000',
  '2025-11-10',
  '01/02/2025',
  'true',
  'null',
  'NULL',
  '\\N',
  '\\n',
  '{"a": 1}',
  '[1, 2]',
  '😀 👩‍👩‍👧‍👦',
  'שלום עולם',
  'مرحبا',
  '\u202eevil\u202c',
  'cafe\u0301',
  'caf\u00e9',
  'A\u030a',
  '\u0001\u0008\u001f\u007f\u0085',
  '\u2028\u2029',
  '\ufeffmark',
  '\ufffe\uffff',
  '_x000D_',
  '_x005F_x000D_',
  '<b>&amp;</b>',
  ']]>',
  '#REF!',
  'https://youtu.be/abcdefghijk?t=5',
  'Video_19',
  'RSH-VID-001',
  '03_ANALYSIS/Video_7.md',
  'x'.repeat(200),
];

const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
);
/** As many characters as PostgreSQL counts. */
const text = (min: number, max: number): fc.Arbitrary<string> =>
  word.map((made) => [...made].slice(0, max).join('')).filter((made) => [...made].length >= min);

/** Names that mean something to the tables, to JavaScript, or to those who read files by name. */
const NAMES = [
  '__proto__',
  'constructor',
  'title',
  'Video URL',
  'created_at',
  'metadata',
  'description',
  'Description',
  'youtube_id',
  'a.b',
  '',
  ' ',
  '1',
  'é',
];
const NUMBERS = [
  '0',
  '-0.0',
  '1.50',
  '1e3',
  '12345678901234567890.123456789',
  '1e-320',
  '0.1',
  '-7',
  '9007199254740993',
];

/** A JSON text; numbers as people and programs write them. */
const json: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    word.map((made) => JSON.stringify(made.toWellFormed())),
    fc.constantFrom(...NUMBERS, 'true', 'false', 'null', '[]', '{}'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 4, selector: ([name]) => name })
    .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(', ')}}`),
})).object;

const moment = fc.oneof(
  fc.constantFrom(
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '1899-12-31T12:00:00Z',
    '1900-02-28T00:00:00Z',
    '2025-11-10T00:00:00Z',
    '1970-01-01T00:00:00.001Z',
  ),
  fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);

const number = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(min, max, max / 3, 0.1 + 0.2), fc.double({ min, max, noNaN: true })).map(String);
const whole = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const one = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const maybe = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string | null> => fc.option(arbitrary, { freq: 3 });

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
