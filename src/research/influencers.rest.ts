import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { influencerMutable } from './mutables.ts';
import { influencerEntity } from './rest-entities.ts';

export default [
  ...readRoutes(influencerEntity),
  ...writeRoutes(influencerEntity, influencerMutable, {
    row: { influencer_id: 'INF-901', name: 'Ada Example', subscriber_count: 120000 },
    patch: { engagement_rate: 3.5 },
  }),
];
