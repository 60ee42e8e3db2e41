/** Which research drew on which video, as a tidy table. Most of these links come from the researches' own paths. */
import { defineDataset } from '../../ingest/dataset.ts';
import { decimal, reference } from '../../ingest/fields/index.ts';
import { recordsIn } from '../record.ts';
import { KEY_LENGTH, RESEARCH_ID, videoReference } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';

export default defineDataset({
  name: 'research_videos',
  title: 'Videos of researches',
  description: 'Links between researches and videos, with how much a video matters.',
  table: 'research_videos',
  key: ['research_id', 'video_id'],
  files: [tidyFiles('research_videos')],
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'research_videos'),
  fields: {
    research_id: reference('researches', { max: KEY_LENGTH, pattern: RESEARCH_ID, from: ['RSR_ID', 'RSH_ID'] }),
    video_id: videoReference(),
    relevance_score: decimal({ precision: 15, scale: 14, min: 0, max: 1, description: 'From 0 to 1.' }),
  },
  ignore: WRITTEN_BY_DATABASE,
});
