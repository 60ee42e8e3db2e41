/** What an analyst asks: filters, figures, words, and where a value came from. */
import type { StarterQuery } from './starter.ts';

export const ANALYST: readonly StarterQuery[] = [
  {
    query: `# Analyst: videos that wait, the longest first, by what hangs on them.
query WaitingVideos($where: VideoFilter, $orderBy: [VideoOrder!]) {
  videos(first: 50, where: $where, orderBy: $orderBy) {
    totalCount
    nodes { videoId title status duration createdDate channel { name } researches(first: 3) { totalCount nodes { title } } }
  }
}
`,
    variables: {
      where: {
        status: { in: ['QUEUED', 'TRANSCRIBING'] },
        or: [{ duration: { gte: 300 } }, { duration: { isNull: true } }],
        not: { title: { contains: 'draft' } },
      },
      orderBy: [{ duration: 'DESC' }, { channel: { name: 'ASC' } }],
    },
  },
  {
    query: `# Analyst: figures by group: videos of each channel, how many and how long.
query VideosByChannel($where: VideoFilter) {
  videosAggregate(where: $where) {
    count
    avg { duration }
    groups(by: [CHANNEL, STATUS], first: 50, orderBy: [{ count: DESC }]) {
      totalCount
      nodes {
        key { channel { name } status }
        count
        sum { duration }
        max { createdDate }
      }
    }
  }
}
`,
    variables: { where: {} },
  },
  {
    query: `# Analyst: researches a month, in the time zone of whoever looks.
query ResearchesByMonth($timeZone: String) {
  researchesAggregate {
    groups(by: [CREATED_DATE_MONTH, DEPARTMENT], timeZone: $timeZone, first: 100, orderBy: [{ key: { createdDate: DESC } }]) {
      nodes { key { createdDate { label } department } count }
    }
  }
}
`,
    variables: { timeZone: 'Europe/Kyiv' },
  },
  {
    query: `# Analyst: search in titles, transcripts, reports and analyses, with the second at which a word is spoken.
query Search($query: String!, $where: SearchWhere, $first: Int) {
  search(query: $query, where: $where, first: $first) {
    totalCount
    suggestions { query totalCount }
    facets {
      type { label count }
      department { label count }
      channel(first: 5) { label count }
    }
    edges {
      rank
      headline
      startSeconds
      moments(first: 3) { startSeconds speaker headline }
      node {
        __typename
        ... on Research { researchId title }
        ... on Video { videoId title }
        ... on Report { reportId title }
        ... on Analysis { analysisId analysisType }
      }
    }
  }
}
`,
    variables: { query: 'dough or rye', first: 10, where: {} },
  },
  {
    query: `# Analyst: where a research's values came from, and every change of it.
query History($researchId: String!) {
  research(researchId: $researchId) {
    title
    version
    origin { line raw import { path finishedAt } }
  }
  changes(table: "researches", key: $researchId, first: 20) {
    totalCount
    nodes { operation actor changedAt oldValues newValues import { path } line }
  }
}
`,
    variables: { researchId: 'RSR-002' },
  },
];
