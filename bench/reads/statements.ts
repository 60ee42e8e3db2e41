/** The limit of each read: one hand-written statement that gives the whole answer as text, in the shape of Cairn's. */

/** What PostGraphile's users would add to their database for these queries: it finds them and puts them into its API. */
export const ADDED_FOR_POSTGRAPHILE = `
  CREATE SCHEMA bench;
  COMMENT ON TABLE public.researches IS '@unique research_id';
  COMMENT ON TABLE public.videos IS '@unique video_id';
  COMMENT ON TABLE public.channels IS '@unique channel_id';
  COMMENT ON TABLE public.influencers IS '@unique influencer_id';
  COMMENT ON TABLE public.employees IS '@unique employee_id';
  CREATE VIEW bench.videos_by_status AS
    SELECT status, count(*) AS count FROM public.videos GROUP BY status;
  CREATE VIEW bench.researches_by_department AS
    SELECT department, count(*) AS count FROM public.researches GROUP BY department;
  CREATE VIEW bench.analyses_by_type AS
    SELECT analysis_type, count(*) AS count FROM public.analysis_results GROUP BY analysis_type;
  CREATE FUNCTION public.researches_newest_videos(research public.researches) RETURNS SETOF public.videos
    LANGUAGE sql STABLE AS $$
      SELECT v.*
        FROM public.research_videos rv
        JOIN public.videos v ON v.video_id = rv.video_id
       WHERE rv.research_id = research.research_id
       ORDER BY v.created_date DESC, v.video_id
    $$;
  CREATE TYPE bench.found AS (video_id text, title text, rank real);
  CREATE FUNCTION bench.search_videos(query text) RETURNS SETOF bench.found
    LANGUAGE sql STABLE AS $$
      SELECT video_id, title, ts_rank(search_english, asked) AS rank
        FROM public.videos, websearch_to_tsquery('english', query) AS asked
       WHERE search_english @@ asked
       ORDER BY rank DESC, video_id
    $$;`;

const FLAT = `
  SELECT json_build_object('data', json_build_object('researches', json_build_object('nodes', coalesce(json_agg(
           json_build_object('researchId', r.research_id, 'title', r.title, 'department', upper(r.department),
                             'status', upper(r.status), 'createdDate', r.created_date, 'outputPath', r.output_path)
           ORDER BY r.created_date DESC, r.research_id), '[]'))))::text AS answer
    FROM (SELECT research_id, title, department, status, created_date, output_path
            FROM researches ORDER BY created_date DESC, research_id LIMIT 50) r`;

const CHANNEL = `
  (SELECT json_build_object('channelId', c.channel_id, 'name', c.name) FROM channels c WHERE c.channel_id = v.channel_id)`;

const INFLUENCERS = `
  (SELECT json_build_object('nodes', coalesce(json_agg(
            json_build_object('influencerId', i.influencer_id, 'name', i.name)
            ORDER BY i.created_at DESC, i.influencer_id), '[]'))
     FROM video_influencers vi JOIN influencers i ON i.influencer_id = vi.influencer_id
    WHERE vi.video_id = v.video_id)`;

/** In sets: a subselect per video would be run five hundred times. */
const NESTED = `
  WITH r AS MATERIALIZED (
    SELECT research_id, title, created_date FROM researches ORDER BY created_date DESC, research_id LIMIT 50
  ), v AS MATERIALIZED (
    SELECT r.research_id, newest.*
      FROM r
     CROSS JOIN LATERAL (
       SELECT v.video_id, v.title, v.status, v.duration, v.channel_id, v.created_date
         FROM research_videos rv JOIN videos v ON v.video_id = rv.video_id
        WHERE rv.research_id = r.research_id
        ORDER BY v.created_date DESC, v.video_id LIMIT 10) newest
  ), i AS MATERIALIZED (
    SELECT vi.video_id,
           json_agg(json_build_object('influencerId', i.influencer_id, 'name', i.name)
                    ORDER BY i.created_at DESC, i.influencer_id) AS nodes
      FROM video_influencers vi JOIN influencers i ON i.influencer_id = vi.influencer_id
     WHERE vi.video_id IN (SELECT video_id FROM v)
     GROUP BY vi.video_id
  ), g AS (
    SELECT v.research_id,
           json_agg(json_build_object('videoId', v.video_id, 'title', v.title, 'status', upper(v.status), 'duration', v.duration,
                      'channel', CASE WHEN c.channel_id IS NOT NULL
                                      THEN json_build_object('channelId', c.channel_id, 'name', c.name) END,
                      'influencers', json_build_object('nodes', coalesce(i.nodes, '[]')))
                    ORDER BY v.created_date DESC, v.video_id) AS nodes
      FROM v LEFT JOIN channels c ON c.channel_id = v.channel_id LEFT JOIN i ON i.video_id = v.video_id
     GROUP BY v.research_id
  )
  SELECT json_build_object('data', json_build_object('researches', json_build_object('nodes', coalesce(json_agg(
           json_build_object('researchId', r.research_id, 'title', r.title,
                             'videos', json_build_object('nodes', coalesce(g.nodes, '[]')))
           ORDER BY r.created_date DESC, r.research_id), '[]'))))::text AS answer
    FROM r LEFT JOIN g ON g.research_id = r.research_id`;

const TREE = `
  SELECT json_build_object('data', json_build_object('research', (
    SELECT json_build_object(
             'researchId', r.research_id, 'title', r.title, 'department', upper(r.department), 'status', upper(r.status),
             'createdDate', r.created_date,
             'researcher', (SELECT json_build_object('employeeId', e.employee_id, 'name', e.name)
                              FROM employees e WHERE e.employee_id = r.researcher_id),
             'reports', (SELECT json_build_object('nodes', coalesce(json_agg(
                                  json_build_object('reportId', p.report_id, 'title', p.title)
                                  ORDER BY p.created_date DESC, p.report_id), '[]'))
                           FROM reports p WHERE p.research_id = r.research_id),
             'videos', (SELECT json_build_object('nodes', coalesce(json_agg(
                                 json_build_object('videoId', v.video_id, 'title', v.title, 'status', upper(v.status),
                                   'duration', v.duration, 'sourceUrl', v.source_url, 'channel', ${CHANNEL},
                                   'influencers', ${INFLUENCERS},
                                   'analyses', (SELECT json_build_object('nodes', coalesce(json_agg(
                                                         json_build_object('analysisId', a.analysis_id,
                                                           'analysisType', upper(a.analysis_type), 'filePath', a.file_path)
                                                         ORDER BY a.created_at DESC, a.analysis_id), '[]'))
                                                  FROM analysis_results a WHERE a.video_id = v.video_id))
                                 ORDER BY v.created_date DESC, v.video_id), '[]'))
                          FROM research_videos rv JOIN videos v ON v.video_id = rv.video_id
                         WHERE rv.research_id = r.research_id))
      FROM researches r WHERE r.research_id = $1)))::text AS answer`;

const counted = (table: string, column: string, field: string) => `
  (SELECT json_build_object('groups', json_build_object('nodes', json_agg(
            json_build_object('key', json_build_object('${field}', upper(g.value)), 'count', g.count) ORDER BY g.value)))
     FROM (SELECT ${column} AS value, count(*) AS count FROM ${table} GROUP BY ${column}) g)`;

const COUNTS = `
  SELECT json_build_object('data', json_build_object(
           'videosAggregate', ${counted('videos', 'status', 'status')},
           'researchesAggregate', ${counted('researches', 'department', 'department')},
           'analysesAggregate', ${counted('analysis_results', 'analysis_type', 'analysisType')}))::text AS answer`;

const SEARCH = `
  SELECT json_build_object('data', json_build_object('search', json_build_object('edges', coalesce(json_agg(
           json_build_object('rank', f.rank, 'node', json_build_object('videoId', f.video_id, 'title', f.title))
           ORDER BY f.rank DESC, f.video_id), '[]'))))::text AS answer
    FROM (SELECT video_id, title, ts_rank(search_english, asked) AS rank
            FROM videos, websearch_to_tsquery('english', $1) AS asked
           WHERE search_english @@ asked
           ORDER BY rank DESC, video_id LIMIT 20) f`;

/** By the name under which they are prepared, and asked for by the load. */
export const STATEMENTS: Readonly<Record<string, string>> = {
  flat: FLAT,
  nested: NESTED,
  tree: TREE,
  counts: COUNTS,
  search: SEARCH,
};
