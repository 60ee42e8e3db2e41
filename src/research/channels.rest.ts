import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { channelMutable } from './mutables.ts';
import { channelEntity } from './rest-entities.ts';

export default [
  ...readRoutes(channelEntity),
  ...writeRoutes(channelEntity, channelMutable, {
    row: { channel_id: 'YT-901', name: 'Practical AI', platform: 'YouTube' },
    patch: { category: 'tutorials' },
  }),
];
