/** What GraphiQL opens with: one tab per question that people ask first. */
export interface StarterQuery {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export const STARTER_QUERIES: readonly StarterQuery[] = [
  {
    query: `# Researches with their videos, and who and what hangs on those. Press the play button, or Ctrl+Enter.
query Researches($first: Int, $where: ResearchFilter) {
  researches(first: $first, where: $where) {
    totalCount
    edges {
      node {
        researchId
        title
        department
        status
        createdDate
        videos(first: 10) {
          totalCount
          edges {
            relevanceScore
            node {
              videoId
              title
              channel { channelId name }
              influencers(first: 5) { edges { node { influencerId name } } }
              analyses(first: 5) { edges { node { analysisId analysisType } } }
            }
          }
        }
      }
    }
  }
}
`,
    variables: { first: 20, where: {} },
  },
  {
    query: `# Every dataset: where its rows are, its fields, and what waits to be fixed.
query Datasets {
  datasets {
    name
    title
    table
    key
    rows
    openRejects
    lastImport { importId finishedAt }
    fields { name type required description }
  }
}
`,
  },
  {
    query: `# What was imported last, and the records that did not pass, with their reasons.
query Imports($first: Int) {
  imports(first: $first) {
    totalCount
    edges { node { importId dataset path status read inserted updated unchanged rejected derived startedAt finishedAt actor } }
  }
  rejects(first: $first, where: { status: { equals: OPEN } }) {
    totalCount
    edges { node { line raw status dataset import { path } errors { field code message value } } }
  }
}
`,
    variables: { first: 20 },
  },
  {
    query: `# Search in titles and transcripts.
query Search($query: String!, $first: Int) {
  search(query: $query, first: $first) {
    totalCount
    edges { rank headline node { __typename ... on Video { videoId title } ... on Research { researchId title } } }
  }
}
`,
    variables: { query: 'research', first: 10 },
  },
  {
    query: `# The numbers of the dashboard.
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
    query: `# Import a folder inside the import roots. With dryRun nothing is written.
mutation ImportFolder($input: ImportFolderInput!) {
  importFolder(input: $input) {
    totals { files read inserted updated unchanged rejected derived }
    imports(first: 100) { edges { node { importId dataset path status read inserted updated unchanged rejected derived } } }
    skipped(first: 100) { edges { node { path reason } } }
  }
}
`,
    variables: { input: { path: '.', dryRun: true } },
  },
];
