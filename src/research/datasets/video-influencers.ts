/** Whose video it is, as a tidy table. Most of these links come from the influencer database. */
import { defineDataset } from '../../ingest/dataset.ts';
import { reference } from '../../ingest/fields/index.ts';
import { recordsIn } from '../record.ts';
import { KEY_LENGTH, videoReference } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';

export default defineDataset({
  name: 'video_influencers',
  title: 'Influencers of videos',
  description: 'Links between videos and the people in them.',
  table: 'video_influencers',
  key: ['video_id', 'influencer_id'],
  files: [tidyFiles('video_influencers')],
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'video_influencers'),
  fields: {
    video_id: videoReference(),
    influencer_id: reference('influencers', { max: KEY_LENGTH }),
  },
  ignore: WRITTEN_BY_DATABASE,
});
