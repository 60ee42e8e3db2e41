/** Rows of the research context, made by SQL: what the reads are tried on. */
import type pg from 'pg';

/** Inserts rows of one table; columns are those of the first row. */
export async function insertRows(
  owner: pg.Pool,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  await owner.query(
    `INSERT INTO ${table} (${columns.join(', ')})
     SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

const day = (number: number): string => new Date(Date.UTC(2025, 0, 1 + number)).toISOString();
const pad = (number: number): string => String(number).padStart(3, '0');

/** `count` researches with `videos` videos each; every video has a channel, an influencer, an analysis and two segments. */
export async function seedResearches(owner: pg.Pool, count: number, videos = 2): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const videoIds = numbers.flatMap((n) =>
    Array.from({ length: videos }, (_, v) => ({ n, v, id: `Video_${pad(n)}-${v}` })),
  );
  await insertRows(owner, 'employees', [
    { employee_id: 'anna', name: 'Anna', metadata: {}, created_at: day(0), updated_at: day(0) },
  ]);
  await insertRows(
    owner,
    'researches',
    numbers.map((n) => ({
      research_id: `RSH-VID-${pad(n)}`,
      title: `Research ${n}`,
      department: n % 2 === 0 ? 'AI' : 'VID',
      status: n % 3 === 0 ? 'active' : 'planning',
      created_date: day(n),
      updated_date: day(n),
      researcher_id: 'anna',
      metadata: { number: n },
    })),
  );
  await insertRows(
    owner,
    'reports',
    numbers.map((n) => ({
      report_id: `report-${n}`,
      research_id: `RSH-VID-${pad(n)}`,
      title: `Report ${n}`,
      created_date: day(n),
      updated_at: day(n),
      metadata: {},
    })),
  );
  await insertRows(
    owner,
    'channels',
    numbers.map((n) => ({
      channel_id: `YT-${n}`,
      name: `Channel ${n}`,
      platform: 'YouTube',
      created_at: day(n),
      updated_at: day(n),
      metadata: {},
    })),
  );
  await insertRows(
    owner,
    'influencers',
    numbers.map((n) => ({
      influencer_id: `INF-${n}`,
      name: `Person ${n}`,
      engagement_rate: n / 10,
      created_at: day(n),
      updated_at: day(n),
      metadata: {},
    })),
  );
  await insertRows(
    owner,
    'videos',
    videoIds.map(({ n, v, id }) => ({
      video_id: id,
      source_url: `https://example.org/${id}`,
      title: `Video ${n} part ${v}`,
      channel_id: `YT-${n}`,
      status: v === 0 ? 'completed' : 'queued',
      transcript_content: `What is said in ${id}`,
      created_date: day(n),
      updated_at: day(n),
      metadata: {},
    })),
  );
  const link = { created_at: day(0), updated_at: day(0) };
  await insertRows(
    owner,
    'research_videos',
    videoIds.map(({ n, v, id }) => ({
      ...link,
      research_id: `RSH-VID-${pad(n)}`,
      video_id: id,
      relevance_score: v === 0 ? 0.5 : null,
    })),
  );
  await insertRows(
    owner,
    'video_influencers',
    videoIds.map(({ n, id }) => ({ ...link, video_id: id, influencer_id: `INF-${n}` })),
  );
  await insertRows(
    owner,
    'analysis_results',
    videoIds.map(({ id }) => ({
      analysis_id: `gap:${id}`,
      video_id: id,
      analysis_type: 'gap_analysis',
      results: { found: id },
      created_at: day(0),
      updated_at: day(0),
    })),
  );
  await insertRows(
    owner,
    'video_segments',
    videoIds.flatMap(({ id }) =>
      [1, 2].map((position) => ({
        video_id: id,
        position,
        start_seconds: position * 10,
        text: `Sentence ${position} of ${id}`,
      })),
    ),
  );
}
