import type { Report } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';

const field = fieldsOf<Report>();

export const reports: EntityReads = {
  type: 'Report',
  scope: 'research',
  plural: 'reports',
  single: 'report',
  table: 'reports',
  key: 'reportId',
  description: 'What was written on a research.',
  fields: {
    reportId: field.id('report_id', 'The key.'),
    researchId: field.id('research_id', 'The key of the research it is on.', { nullable: true }),
    title: field.text('title', 'Its title.'),
    reportType: field.text('report_type', 'What kind of report it is.', { nullable: true }),
    filePath: field.text('file_path', 'The file that holds it.', { nullable: true }),
    createdDate: field.dateTime('created_date', 'When it was written.'),
    publishedDate: field.dateTime('published_date', 'When it was published.', { nullable: true }),
    updatedAt: field.dateTime('updated_at', 'When it last changed here.'),
    metadata: field.json('metadata', 'What its files say beyond the fields above, under the files’ own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: { research: one('Research', 'research_id', 'The research it is on.') },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdDate', 'DESC']],
  indexed: { createdDate: 'DESC', researchId: 'ASC' },
};
