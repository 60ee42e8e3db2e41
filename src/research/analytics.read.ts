/** What came in per day and department: what charts of the team's work are drawn of. */
import type { Query } from '../database/session.ts';

export interface DayOfDepartment {
  /** In UTC, such as 2025-11-20. */
  readonly day: string;
  readonly department: string;
  readonly researches: number;
  readonly researches_completed: number;
  readonly videos: number;
  readonly videos_completed: number;
  readonly searches: number;
  readonly searches_completed: number;
}

/**
 * What was begun on each day since `from`, and how much of that is completed by now; days and departments with nothing are
 * left out. A video counts for each department whose researches draw on it.
 */
export function daysByDepartment(query: Query, from: Date): Promise<DayOfDepartment[]> {
  return query<DayOfDepartment & { readonly [column: string]: unknown }>(
    'days by department',
    `WITH begun AS (
       SELECT 'researches' AS what, r.created_date AS at, r.department, r.status = 'completed' AS is_completed
         FROM researches r
        WHERE r.created_date >= $1
        UNION ALL
       SELECT 'searches', s.created_date, s.department, s.status = 'completed'
         FROM search_queue s
        WHERE s.created_date >= $1
        UNION ALL
       SELECT 'videos', v.created_date, d.department, v.status = 'completed'
         FROM videos v
        CROSS JOIN LATERAL (
              SELECT DISTINCT r.department
                FROM research_videos l
                JOIN researches r ON r.research_id = l.research_id
               WHERE l.video_id = v.video_id
              ) d
        WHERE v.created_date >= $1
     )
     SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, department,
            ${['researches', 'videos', 'searches']
              .map(
                (what) => `count(*) FILTER (WHERE what = '${what}')::integer AS ${what},
            count(*) FILTER (WHERE what = '${what}' AND is_completed)::integer AS ${what}_completed`,
              )
              .join(',\n            ')}
       FROM begun
      GROUP BY 1, 2
      ORDER BY 1, 2`,
    [from],
  );
}
