/** The data of the read jobs: a library as it stands after a few years, the same for the same seed. */
import type { Bench } from '../job.ts';
import { createRandom, type Random } from '../random.ts';

/** One table's lines for COPY, in its text format. */
export interface TableLines {
  readonly table: string;
  readonly columns: readonly string[];
  readonly lines: Iterable<string>;
}

/** How much of it there is. */
export interface LibrarySize {
  readonly researches: number;
  readonly videosEach: number;
  readonly videos: number;
  readonly transcripts: number;
  readonly channels: number;
  readonly influencers: number;
  readonly analyses: number;
}

export const librarySize = ({ sized }: Pick<Bench, 'sized'>): LibrarySize => ({
  researches: sized(2_000, 60),
  videosEach: 50,
  videos: sized(50_000, 200),
  transcripts: sized(20_000, 100),
  channels: sized(500, 10),
  influencers: sized(1_000, 10),
  analyses: sized(30_000, 100),
});

const DEPARTMENTS = ['VID', 'AI', 'LGN', 'DEV', 'HR', 'DESIGN', 'SALES', 'SMM'] as const;
const RESEARCH_STATUS = ['planning', 'active', 'review', 'completed', 'archived'] as const;
const VIDEO_STATUS = ['queued', 'transcribing', 'analyzing', 'completed', 'completed', 'completed', 'failed'] as const;
const ANALYSIS_TYPES = ['gap_analysis', 'library_mapping', 'extraction', 'validation', 'phase_report'] as const;
const EMPLOYEES = 40;
const REPORTS_EACH = 2;
const TOPICS = 200;
const TRANSCRIPT_LENGTH = 3_000;

/** Keys are as long as one another, so that they sort as they count. */
const key = (prefix: string, number: number): string => `${prefix}${String(number).padStart(6, '0')}`;
export const researchKey = (number: number): string => key('RSH-', number);

const ONSETS = ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v'] as const;
const VOWELS = ['a', 'o', 'u', 'i'] as const;

/** A word that the dictionary of no language shortens. */
function word(number: number): string {
  const syllable = (n: number) =>
    `${ONSETS[n % ONSETS.length]}${VOWELS[Math.floor(n / ONSETS.length) % VOWELS.length]}`;
  const base = ONSETS.length * VOWELS.length;
  return `${syllable(number % base)}${syllable(Math.floor(number / base) % base)}${syllable((number * 7) % base)}k`;
}

/** What a video may be about: about one transcript in seventy is about each. */
export const topics: readonly string[] = Array.from({ length: TOPICS }, (_, n) => word(2_000 + n));
const common: readonly [string, ...string[]] = [word(0), ...Array.from({ length: 1_500 }, (_, n) => word(n + 1))];

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2024, 0, 1);
/** A moment in two years, to the millisecond: hardly ever the same twice. */
const moment = (random: Random): string => new Date(START_MS + random.below(730 * DAY_MS)).toISOString();

const sentence = (random: Random, words: number): string =>
  Array.from({ length: words }, () => random.pick(common)).join(' ');

function* times(count: number, line: (number: number) => readonly (string | number)[]): Generator<string> {
  for (let number = 1; number <= count; number += 1) yield `${line(number).join('\t')}\n`;
}

const NULL = '\\N';

/** The tables in the order in which their foreign keys allow them. */
export function libraryTables(size: LibrarySize, seed: number): TableLines[] {
  const random = createRandom(seed);
  return [
    {
      table: 'employees',
      columns: ['employee_id', 'name', 'department'],
      lines: times(EMPLOYEES, (n) => [key('EMP-', n), sentence(random, 2), random.pick(DEPARTMENTS)]),
    },
    {
      table: 'channels',
      columns: ['channel_id', 'name', 'platform', 'url', 'category', 'created_at'],
      lines: times(size.channels, (n) => [
        key('CH-', n),
        sentence(random, 2),
        'YouTube',
        `https://videos.example/c/${n}`,
        random.pick(common),
        moment(random),
      ]),
    },
    {
      table: 'influencers',
      columns: ['influencer_id', 'name', 'platform', 'category', 'subscriber_count', 'created_at'],
      lines: times(size.influencers, (n) => [
        key('INF-', n),
        sentence(random, 2),
        'YouTube',
        random.pick(common),
        random.below(5_000_000),
        moment(random),
      ]),
    },
    {
      table: 'researches',
      columns: ['research_id', 'title', 'department', 'status', 'created_date', 'researcher_id', 'output_path'],
      lines: times(size.researches, (n) => [
        researchKey(n),
        sentence(random, 6),
        random.pick(DEPARTMENTS),
        random.pick(RESEARCH_STATUS),
        moment(random),
        key('EMP-', 1 + random.below(EMPLOYEES)),
        `results/${researchKey(n)}`,
      ]),
    },
    videoTable(size, random),
    {
      table: 'reports',
      columns: ['report_id', 'research_id', 'title', 'report_type', 'created_date'],
      lines: times(size.researches * REPORTS_EACH, (n) => [
        key('REP-', n),
        researchKey(Math.ceil(n / REPORTS_EACH)),
        sentence(random, 5),
        'summary',
        moment(random),
      ]),
    },
    {
      table: 'analysis_results',
      columns: ['analysis_id', 'video_id', 'analysis_type', 'file_path', 'results', 'created_at'],
      lines: times(size.analyses, (n) => [
        key('ANA-', n),
        key('VID-', 1 + random.below(size.videos)),
        random.pick(ANALYSIS_TYPES),
        `analyses/${n}.json`,
        JSON.stringify({ score: random.below(100), title: sentence(random, 4) }),
        moment(random),
      ]),
    },
    {
      table: 'research_videos',
      columns: ['research_id', 'video_id', 'relevance_score'],
      lines: researchVideos(size, random),
    },
    { table: 'video_influencers', columns: ['video_id', 'influencer_id'], lines: videoInfluencers(size, random) },
  ];
}

function videoTable(size: LibrarySize, random: Random): TableLines {
  return {
    table: 'videos',
    columns: [
      'video_id',
      'source_url',
      'title',
      'duration',
      'channel_id',
      'status',
      'phase',
      'transcript_content',
      'created_date',
    ],
    lines: times(size.videos, (n) => [
      key('VID-', n),
      `https://videos.example/watch/${n}`,
      sentence(random, 6),
      60 + random.below(7_200),
      key('CH-', 1 + random.below(size.channels)),
      random.pick(VIDEO_STATUS),
      1 + random.below(7),
      n <= size.transcripts ? transcript(random) : NULL,
      moment(random),
    ]),
  };
}

/** Three topics each, said more or less often: that decides how well it fits a search. */
function transcript(random: Random): string {
  const own = [0, 1, 2].map(() => topics[random.below(TOPICS)] ?? '');
  const words: string[] = [];
  for (let length = 0; length < TRANSCRIPT_LENGTH; ) {
    const next = random.below(40) === 0 ? (own[random.below(3)] ?? '') : random.pick(common);
    words.push(next);
    length += next.length + 1;
  }
  return words.join(' ');
}

function* researchVideos({ researches, videosEach, videos }: LibrarySize, random: Random): Generator<string> {
  for (let research = 1; research <= researches; research += 1) {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(videosEach, videos)) chosen.add(1 + random.below(videos));
    for (const video of chosen)
      yield `${researchKey(research)}\t${key('VID-', video)}\t${(random.below(101) / 100).toFixed(2)}\n`;
  }
}

function* videoInfluencers({ videos, influencers }: LibrarySize, random: Random): Generator<string> {
  for (let video = 1; video <= videos; video += 1) {
    const chosen = new Set(Array.from({ length: random.below(4) }, () => 1 + random.below(influencers)));
    for (const influencer of chosen) yield `${key('VID-', video)}\t${key('INF-', influencer)}\n`;
  }
}
