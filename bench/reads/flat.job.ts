import { defineRead } from './read-job.ts';

export default defineRead({
  name: 'flat',
  measures: '50 of 2,000 researches, the newest first, at 16 connections',
  cairn: `{ researches(first: 50) { nodes { researchId title department status createdDate outputPath } } }`,
  postgraphile: `{
    researches: allResearch(first: 50, orderBy: [CREATED_DATE_DESC, RESEARCH_ID_ASC]) {
      nodes { researchId title department status createdDate outputPath }
    }
  }`,
  statement: 'flat',
  targets: [{ kind: 'suite', against: 'PostGraphile', atLeast: 1.5, jobs: 3 }],
});
