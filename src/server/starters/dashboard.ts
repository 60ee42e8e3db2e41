/** What a dashboard asks: one operation per screen. */
import type { StarterQuery } from './starter.ts';

export const DASHBOARD: readonly StarterQuery[] = [
  {
    query: `# Dashboard: researches with their videos, and who and what hangs on those. Ctrl+Enter runs it.
# The tabs beside it are for dashboards, analysts, scripts, editors and administrators; /docs describes the whole API.
query Researches($first: Int, $where: ResearchFilter, $orderBy: [ResearchOrder!]) {
  researches(first: $first, where: $where, orderBy: $orderBy) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      researchId
      title
      department
      status
      createdDate
      researcher { name }
      videos(first: 10) {
        totalCount
        edges {
          relevanceScore
          node {
            videoId
            title
            channel { channelId name }
            influencers(first: 5) { nodes { influencerId name } }
            analyses(first: 5) { nodes { analysisId analysisType } }
          }
        }
      }
    }
  }
}
`,
    variables: { first: 20, where: {}, orderBy: [{ createdDate: 'DESC' }] },
  },
  {
    query: `# Dashboard: the numbers at its top.
query Stats {
  dashboardStats {
    researchesByStatus { key count }
    researchesByDepartment { key total active completed }
    videosByStatus { key count }
    searchQueueByStatus { key count }
    researchesLast7Days
  }
}
`,
  },
  {
    query: `# Dashboard: one video with its transcript, moment by moment.
query Video($videoId: String!) {
  video(videoId: $videoId) {
    videoId
    title
    status
    duration
    sourceUrl
    channel { name url }
    segments(first: 50) { totalCount nodes { start end speaker text } }
    researches(first: 5) { nodes { researchId title } }
  }
}
`,
    variables: { videoId: 'kQ7_wBind01' },
  },
  {
    query: `# Dashboard: tell me when a research changes. Runs until it is stopped; change one in another tab.
subscription ResearchesChanged($where: ResearchFilter) {
  researchesChanged(where: $where) {
    kind
    changes {
      kind
      key
      node { researchId title status version }
      change { actor changedAt }
    }
  }
}
`,
    variables: { where: {} },
  },
];
