/** What an editor does by hand. Names of rows are such as nobody has: running one twice changes nothing more. */
import type { StarterQuery } from './starter.ts';

export const EDITOR: readonly StarterQuery[] = [
  {
    query: `# Editor: write rows by their key, new or not. Sent twice, the second time changes nothing.
mutation UpsertResearches($records: [ResearchRecord!]!) {
  upsertResearches(records: $records) {
    created
    updated
    unchanged
    results { researchId outcome research { title status version } }
  }
}
`,
    variables: {
      records: [
        { researchId: 'RSH-DEV-900', title: 'A research to try things with', department: 'DEV', status: 'PLANNING' },
      ],
    },
  },
  {
    query: `# Editor: change the row of the tab before. ifVersion refuses it if somebody else was faster; an absent field is kept, null empties it.
mutation UpdateResearch($researchId: String!, $patch: ResearchPatch!, $ifVersion: Int) {
  updateResearch(researchId: $researchId, patch: $patch, ifVersion: $ifVersion) {
    changed
    research { researchId title status version updatedDate }
  }
}
`,
    variables: { researchId: 'RSH-DEV-900', patch: { status: 'ACTIVE' }, ifVersion: null },
  },
  {
    query: `# Editor: change all rows that match, and none if they are more than you think.
mutation UpdateResearches($where: ResearchFilter!, $patch: ResearchPatch!, $atMost: Int!) {
  updateResearches(where: $where, patch: $patch, atMost: $atMost) { matched changed }
}
`,
    variables: { where: { researchId: { startsWith: 'RSH-DEV-9' } }, patch: { status: 'REVIEW' }, atMost: 10 },
  },
  {
    query: `# Editor: what deleting that row would do. Without dryRun it is done.
mutation DeleteResearch($researchId: String!, $dryRun: Boolean!) {
  deleteResearch(researchId: $researchId, dryRun: $dryRun) {
    researchId
    dryRun
    consequences { table column effect count }
  }
}
`,
    variables: { researchId: 'RSH-DEV-900', dryRun: true },
  },
];
