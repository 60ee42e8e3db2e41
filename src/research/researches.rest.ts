import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { listRoute } from '../rest/list-route.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { listRelation } from '../rest/relation.ts';
import { researchMutable } from './mutables.ts';
import { reportEntity, researchEntity, videoEntity } from './rest-entities.ts';

export default [
  ...readRoutes(researchEntity),
  listRoute(researchEntity, {
    path: '/researches/department/:department',
    operationId: 'listResearchesOfDepartment',
    summary: 'Lists the researches of one department',
    part: { field: 'department', example: 'VID' },
  }),
  listRoute(videoEntity, {
    path: '/researches/:research_id/videos',
    operationId: 'listVideosOfResearch',
    summary: 'Lists the videos that a research draws on, each with how much it matters',
    of: { owner: researchEntity, relation: listRelation(researchEntity, 'videos') },
  }),
  listRoute(reportEntity, {
    path: '/researches/:research_id/reports',
    operationId: 'listReportsOfResearch',
    summary: 'Lists the reports written on a research',
    of: { owner: researchEntity, relation: listRelation(researchEntity, 'reports') },
  }),
  ...writeRoutes(researchEntity, researchMutable, {
    row: {
      research_id: 'RSH-VID-901',
      title: 'Subtitles in practice',
      department: 'VID',
      metadata: { source: 'form' },
    },
    patch: { status: 'review', metadata: { reviewer: 'ada' } },
  }),
];
