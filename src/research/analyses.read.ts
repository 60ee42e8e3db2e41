import type { AnalysisResult } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';
import { ANALYSIS_TYPE } from './enumerations.ts';

const field = fieldsOf<AnalysisResult>();

export const analyses: EntityReads = {
  type: 'Analysis',
  scope: 'research',
  plural: 'analyses',
  single: 'analysis',
  table: 'analysis_results',
  key: 'analysisId',
  description: 'What was found in a video.',
  fields: {
    analysisId: field.id('analysis_id', 'The key.'),
    videoId: field.id('video_id', 'The key of the video.', { nullable: true }),
    analysisType: field.enumeration('analysis_type', ANALYSIS_TYPE, 'What was looked for.'),
    filePath: field.text('file_path', 'The file that holds it.', { nullable: true }),
    createdAt: field.dateTime('created_at', 'When it became known here.'),
    updatedAt: field.dateTime('updated_at', 'When it last changed here.'),
    results: field.json('results', 'What was found, under the file’s own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: { video: one('Video', 'video_id', 'The video in which it was found.') },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC', videoId: 'ASC', analysisType: 'ASC' },
};
