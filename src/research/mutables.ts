/** The types of the research context that can be changed by hand: by mutations and in REST, under one set of rules. */
import { mutableOf } from '../ingest/mutations/mutable.ts';
import { analyses } from './analyses.read.ts';
import { channels } from './channels.read.ts';
import analysisRecords from './datasets/analysis-results.ts';
import channelRecords from './datasets/channels.ts';
import employeeRecords from './datasets/employees.ts';
import influencerRecords from './datasets/influencers.ts';
import reportRecords from './datasets/reports.ts';
import researchRecords from './datasets/researches.ts';
import searchRecords from './datasets/search-queue.ts';
import videoRecords from './datasets/videos.ts';
import { employees } from './employees.read.ts';
import { influencers } from './influencers.read.ts';
import { employeeKey } from './people.ts';
import { reports } from './reports.read.ts';
import { nextResearchKey } from './research-key.ts';
import { researches } from './researches.read.ts';
import { searchQueue } from './search-queue.read.ts';
import { videos } from './videos.read.ts';

export const researchMutable = mutableOf(researches, researchRecords, {
  keyRule: { description: 'The department’s next free one, such as RSH-VID-012, unless given.', make: nextResearchKey },
  example: {
    key: 'RSH-VID-001',
    input: '{ title: "Subtitles in practice", department: VID }',
    patch: '{ status: REVIEW }',
    record: '{ researchId: "RSH-VID-001", title: "Subtitles in practice", department: VID }',
    where: '{ status: { equals: PLANNING } }',
  },
});

export const videoMutable = mutableOf(videos, videoRecords, {
  example: {
    key: 'Video_901',
    input: '{ videoId: "Video_901", title: "A talk", sourceUrl: "https://example.org/talk" }',
    patch: '{ status: TRANSCRIBING, phase: 2 }',
    record: '{ videoId: "Video_901", title: "A talk", sourceUrl: "https://example.org/talk" }',
    where: '{ status: { equals: QUEUED } }',
  },
});

export const channelMutable = mutableOf(channels, channelRecords, {
  example: {
    key: 'YT-901',
    input: '{ channelId: "YT-901", name: "Practical AI" }',
    patch: '{ category: "tutorials" }',
    record: '{ channelId: "YT-901", name: "Practical AI", category: "tutorials" }',
    where: '{ platform: { contains: "youtube" } }',
  },
});

export const influencerMutable = mutableOf(influencers, influencerRecords, {
  example: {
    key: 'INF-901',
    input: '{ influencerId: "INF-901", name: "Ada Example", subscriberCount: 120000 }',
    patch: '{ engagementRate: 3.5 }',
    record: '{ influencerId: "INF-901", name: "Ada Example", platform: "YouTube" }',
    where: '{ name: { contains: "example" } }',
  },
});

export const employeeMutable = mutableOf(employees, employeeRecords, {
  keyRule: {
    description: 'The name in small letters with dashes, such as niko-kar, unless given.',
    make: async (_query, { name }) => (typeof name === 'string' ? employeeKey(name) : null),
  },
  example: {
    key: 'ada-example',
    input: '{ name: "Ada Example", department: AI }',
    patch: '{ email: "ada@example.org" }',
    record: '{ employeeId: "ada-example", name: "Ada Example" }',
    where: '{ department: { equals: AI } }',
  },
});

export const searchMutable = mutableOf(searchQueue, searchRecords, {
  plural: 'SearchQueueItems',
  example: {
    key: 'SQ-901',
    input: '{ searchId: "SQ-901", department: LGN, query: "lead generation agents", priority: 5 }',
    patch: '{ status: ACTIVE }',
    record: '{ searchId: "SQ-901", department: LGN, query: "lead generation agents" }',
    where: '{ status: { equals: PENDING } }',
  },
});

export const reportMutable = mutableOf(reports, reportRecords, {
  example: {
    key: 'weekly-901',
    input: '{ reportId: "weekly-901", title: "Week 901" }',
    patch: '{ reportType: "weekly" }',
    record: '{ reportId: "weekly-901", title: "Week 901" }',
    where: '{ title: { contains: "week" } }',
  },
});

export const analysisMutable = mutableOf(analyses, analysisRecords, {
  example: {
    key: 'gap_analysis:Video_901',
    input: '{ analysisId: "gap_analysis:Video_901", analysisType: GAP_ANALYSIS, results: { gaps: 2 } }',
    patch: '{ results: { gaps: 3 } }',
    record: '{ analysisId: "gap_analysis:Video_901", analysisType: GAP_ANALYSIS }',
    where: '{ analysisType: { equals: GAP_ANALYSIS } }',
  },
});
