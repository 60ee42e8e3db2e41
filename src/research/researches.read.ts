import type { Research, ResearchVideo } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, many, one, through } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';
import { DEPARTMENT, RESEARCH_STATUS } from './enumerations.ts';

const field = fieldsOf<Research>();
const link = fieldsOf<ResearchVideo>();

export const researches: EntityReads = {
  type: 'Research',
  scope: 'research',
  plural: 'researches',
  single: 'research',
  table: 'researches',
  key: 'researchId',
  description: 'A question that a department looks into, with the videos it watches and the reports it writes.',
  fields: {
    researchId: field.id('research_id', 'The key, such as RSH-VID-001.'),
    title: field.text('title', 'What the research is about.'),
    department: field.enumeration('department', DEPARTMENT, 'The department whose research it is.'),
    status: field.enumeration('status', RESEARCH_STATUS, 'How far it has come.'),
    createdDate: field.dateTime('created_date', 'When it was begun.'),
    updatedDate: field.dateTime('updated_date', 'When it last changed here.'),
    researcherId: field.id('researcher_id', 'The key of the employee who does it.', { nullable: true }),
    outputPath: field.text('output_path', 'Where its results lie.', { nullable: true }),
    metadata: field.json('metadata', 'What its files say beyond the fields above, under the files’ own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: {
    researcher: one('Employee', 'researcher_id', 'The employee who does it.'),
    videos: through(
      'Video',
      { table: 'research_videos', own: 'research_id', other: 'video_id' },
      'The videos that it draws on.',
      {
        relevanceScore: link.float('relevance_score', 'How much the video matters to the research, from 0 to 1.', {
          nullable: true,
        }),
      },
    ),
    reports: many('Report', 'research_id', 'The reports written on it.'),
  },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdDate', 'DESC']],
  indexed: { createdDate: 'DESC', status: 'ASC', department: 'ASC', researcherId: 'ASC' },
};
