import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { listRoute } from '../rest/list-route.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { listRelation } from '../rest/relation.ts';
import { videoMutable } from './mutables.ts';
import { analysisEntity, videoEntity } from './rest-entities.ts';

export default [
  ...readRoutes(videoEntity),
  listRoute(videoEntity, {
    path: '/videos/status/:status',
    operationId: 'listVideosOfStatus',
    summary: 'Lists the videos of one status',
    part: { field: 'status', example: 'queued' },
  }),
  listRoute(videoEntity, {
    path: '/videos/channel/:channel_id',
    operationId: 'listVideosOfChannel',
    summary: 'Lists the videos that name a channel',
    part: { field: 'channel_id', example: 'YT-901' },
  }),
  listRoute(analysisEntity, {
    path: '/videos/:video_id/analysis',
    operationId: 'listAnalysesOfVideo',
    summary: 'Lists what was found in a video',
    of: { owner: videoEntity, relation: listRelation(videoEntity, 'analyses') },
  }),
  ...writeRoutes(videoEntity, videoMutable, {
    row: { video_id: 'Video_901', title: 'A talk', source_url: 'https://example.org/talk', duration: 1200 },
    patch: { status: 'transcribing', phase: 2 },
  }),
];
