/** What was found in videos: gap analyses, library mappings, extractions, validations and phase reports, a file each. */
import { defineDataset, type FileFacts } from '../../ingest/dataset.ts';
import { enumeration, id, text } from '../../ingest/fields/index.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { ANALYSIS_FOLDERS, analysisPlace, whyNoAnalysis } from '../analysis-type.ts';
import { documentRecord, recordsIn, withoutDatabaseTimes } from '../record.ts';
import { KEY_LENGTH, PATH_LENGTH, videoReference } from '../research-fields.ts';
import { tidyFiles } from '../tidy.ts';
import { videoKeysInName } from '../video-key.ts';
import { ANALYSIS_TYPES } from '../vocabulary.ts';
import { readDocument } from '../written-document.ts';

export default defineDataset({
  name: 'analysis_results',
  title: 'Analysis results',
  description: 'Findings about a video, or about a phase of the work.',
  table: 'analysis_results',
  key: ['analysis_id'],
  files: [
    { pattern: `**/{${ANALYSIS_FOLDERS.join(',')}}/*(!(REPORTS)/)*.{md,json}`, records: '$' },
    { pattern: '**/03_ANALYSIS/*(!(REPORTS)/)*.{md,json}', records: '$' },
    tidyFiles('analysis_results'),
  ],
  rulesVersion: 1,
  skip: whyNoAnalysis,
  split,
  fields: {
    analysis_id: id({ max: KEY_LENGTH, description: 'Type, colon, file name.' }),
    video_id: videoReference(),
    analysis_type: enumeration(ANALYSIS_TYPES, { required: true }),
    file_path: text({ max: PATH_LENGTH }),
  },
  rest: 'results',
});

function split(value: JsonValue, file: FileFacts): readonly JsonObject[] {
  const place = file.stem.toLowerCase() === 'analysis_results' ? null : analysisPlace(file);
  if (place === null) return recordsIn(value, 'analysis_results').map(withoutDatabaseTimes);
  const { heading, text: body, values } = readDocument(value);
  const videos = videoKeysInName(file.stem);
  const columns = {
    analysis_id: `${place.type}:${place.name}`,
    analysis_type: place.type,
    file_path: file.path,
    video_id: videos[0],
    title: heading,
    text: body,
    videos: videos.length > 1 ? videos : undefined,
  };
  return [documentRecord(columns, values, body === undefined ? ['results'] : ['results', 'video_id'])];
}
