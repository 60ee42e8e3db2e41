/** The files that dashboards of a research team read. */
import { defineExports, type ExportQuery } from '../graphql/export-source.ts';
import { DEPARTMENTS } from './vocabulary.ts';

/** Also departments without a research: a chart keeps their place. */
const statsByDepartment: ExportQuery = {
  name: 'stats_by_department',
  description: 'How many researches each department has, in all, active and completed.',
  scope: 'research',
  columns: [
    { name: 'department', kind: 'enumeration', nullable: false },
    { name: 'total', kind: 'bigint', nullable: false },
    { name: 'active', kind: 'bigint', nullable: false },
    { name: 'completed', kind: 'bigint', nullable: false },
  ],
  sql: `
    SELECT d.department,
           count(r.id) AS total,
           count(r.id) FILTER (WHERE r.status = 'active') AS active,
           count(r.id) FILTER (WHERE r.status = 'completed') AS completed
      FROM unnest('{${DEPARTMENTS.join(',')}}'::text[]) WITH ORDINALITY AS d(department, place)
      LEFT JOIN researches r ON r.department = d.department
     GROUP BY d.department, d.place
     ORDER BY d.place`,
};

export default defineExports({
  queries: [statsByDepartment],
  named: [
    {
      name: 'researches_latest',
      description: 'The 100 latest researches.',
      source: 'researches',
      format: 'json',
      orderBy: [{ createdDate: 'DESC' }],
      first: 100,
    },
    {
      name: 'video_queue',
      description: 'Videos that are not completed.',
      source: 'videos',
      format: 'csv',
      where: { status: { notEquals: 'COMPLETED' } },
    },
    {
      name: 'stats_by_department',
      description: statsByDepartment.description,
      source: 'stats_by_department',
      format: 'json',
    },
  ],
});
