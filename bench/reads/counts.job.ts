import { defineRead } from './read-job.ts';

export default defineRead({
  name: 'counts',
  measures:
    '50,000 videos by status, 2,000 researches by department and 30,000 analyses by type, counted, at 16 connections',
  cairn: `{
    videosAggregate { groups(by: [STATUS]) { nodes { key { status } count } } }
    researchesAggregate { groups(by: [DEPARTMENT]) { nodes { key { department } count } } }
    analysesAggregate { groups(by: [ANALYSIS_TYPE]) { nodes { key { analysisType } count } } }
  }`,
  postgraphile: `{
    videosAggregate: allBenchVideosByStatuses { nodes { status count } }
    researchesAggregate: allBenchResearchesByDepartments { nodes { department count } }
    analysesAggregate: allBenchAnalysesByTypes { nodes { analysisType count } }
  }`,
  statement: 'counts',
});
