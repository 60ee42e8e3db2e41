/** The types of the research context that can be changed by hand, each with values that are good and values that are not. */

export interface MutableType {
  readonly type: string;
  readonly plural: string;
  readonly table: string;
  readonly dataset: string;
  /** The key's field and column. */
  readonly key: string;
  readonly keyColumn: string;
  /** Every field that can be given, without the key, as the API takes and shows it. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Another value of one field. */
  readonly patch: Readonly<Record<string, unknown>>;
  /** A field that null empties. */
  readonly clearable: string;
  /** Fields that a row cannot be without. */
  readonly needed: readonly string[];
  /** Values that do not pass, with the code that files get for them too. */
  readonly bad: readonly (readonly [field: string, column: string, value: unknown, code: string])[];
}

const long = (length: number): string => 'x'.repeat(length);
const WHEN = '2025-03-01T10:00:00.000Z';
const metadata = { note: 'kept', list: [1, 2] };
const notObject = ['metadata', 'metadata', [1], 'INVALID_TYPE'] as const;

export const MUTABLE_TYPES: readonly MutableType[] = [
  {
    type: 'Research',
    plural: 'Researches',
    table: 'researches',
    dataset: 'researches',
    key: 'researchId',
    keyColumn: 'research_id',
    values: {
      title: 'T',
      department: 'VID',
      status: 'ACTIVE',
      createdDate: WHEN,
      researcherId: 'anna',
      outputPath: 'out/1',
      metadata,
    },
    patch: { title: 'Other' },
    clearable: 'outputPath',
    needed: ['title', 'department', 'status', 'createdDate'],
    bad: [
      ['title', 'title', long(2_001), 'TOO_LONG'],
      ['title', 'title', '  ', 'MISSING'],
      ['title', 'title', 'N/A', 'MISSING'],
      ['outputPath', 'output_path', long(2_001), 'TOO_LONG'],
      notObject,
    ],
  },
  {
    type: 'Video',
    plural: 'Videos',
    table: 'videos',
    dataset: 'videos',
    key: 'videoId',
    keyColumn: 'video_id',
    values: {
      title: 'V',
      sourceUrl: 'https://example.org/v',
      duration: 61,
      channelId: 'YT-1',
      status: 'ANALYZING',
      phase: 3,
      transcriptPath: 't.md',
      transcriptContent: 'said',
      createdDate: WHEN,
      completedDate: WHEN,
      metadata,
    },
    patch: { phase: 4 },
    clearable: 'channelId',
    needed: ['title', 'sourceUrl', 'status', 'createdDate'],
    bad: [
      ['phase', 'phase', 8, 'OUT_OF_RANGE'],
      ['phase', 'phase', 0, 'OUT_OF_RANGE'],
      ['duration', 'duration', -1, 'INVALID_VALUE'],
      ['sourceUrl', 'source_url', long(2_001), 'TOO_LONG'],
      ['title', 'title', '', 'MISSING'],
      ['metadata', 'metadata', { published_date: '30 February 2025' }, 'INVALID_VALUE'],
      notObject,
    ],
  },
  {
    type: 'Channel',
    plural: 'Channels',
    table: 'channels',
    dataset: 'channels',
    key: 'channelId',
    keyColumn: 'channel_id',
    values: {
      name: 'C',
      platform: 'Vimeo',
      url: 'https://example.org/c',
      category: 'x',
      lastScanDate: WHEN,
      metadata,
    },
    patch: { category: 'y' },
    clearable: 'category',
    needed: ['name', 'platform'],
    bad: [
      ['name', 'name', long(501), 'TOO_LONG'],
      ['platform', 'platform', long(101), 'TOO_LONG'],
      ['name', 'name', '[TBD]', 'MISSING'],
      notObject,
    ],
  },
  {
    type: 'Influencer',
    plural: 'Influencers',
    table: 'influencers',
    dataset: 'influencers',
    key: 'influencerId',
    keyColumn: 'influencer_id',
    values: {
      name: 'I',
      platform: 'YouTube',
      category: 'x',
      subscriberCount: 1_000,
      engagementRate: 2.25,
      lastUpdated: WHEN,
      metadata,
    },
    patch: { subscriberCount: 2_000 },
    clearable: 'engagementRate',
    needed: ['name'],
    bad: [
      ['engagementRate', 'engagement_rate', 100.5, 'OUT_OF_RANGE'],
      ['subscriberCount', 'subscriber_count', -1, 'OUT_OF_RANGE'],
      ['category', 'category', long(501), 'TOO_LONG'],
      notObject,
    ],
  },
  {
    type: 'Employee',
    plural: 'Employees',
    table: 'employees',
    dataset: 'employees',
    key: 'employeeId',
    keyColumn: 'employee_id',
    values: { name: 'E', email: 'e@example.org', department: 'HR', metadata },
    patch: { department: 'AI' },
    clearable: 'email',
    needed: ['name'],
    bad: [['email', 'email', long(321), 'TOO_LONG'], ['name', 'name', ' ', 'MISSING'], notObject],
  },
  {
    type: 'SearchQueueItem',
    plural: 'SearchQueueItems',
    table: 'search_queue',
    dataset: 'search_queue',
    key: 'searchId',
    keyColumn: 'search_id',
    values: {
      department: 'LGN',
      status: 'ACTIVE',
      priority: 2,
      query: 'q',
      assignedTo: 'anna',
      resultsPath: 'r',
      createdDate: WHEN,
      completedDate: WHEN,
      metadata,
    },
    patch: { priority: 5 },
    clearable: 'assignedTo',
    needed: ['department', 'query', 'status'],
    bad: [
      ['priority', 'priority', 6, 'OUT_OF_RANGE'],
      ['priority', 'priority', 0, 'OUT_OF_RANGE'],
      ['query', 'query', long(10_001), 'TOO_LONG'],
      notObject,
    ],
  },
  {
    type: 'Report',
    plural: 'Reports',
    table: 'reports',
    dataset: 'reports',
    key: 'reportId',
    keyColumn: 'report_id',
    values: {
      title: 'R',
      researchId: 'RSR-100',
      reportType: 'weekly',
      filePath: 'r.md',
      createdDate: WHEN,
      publishedDate: WHEN,
      metadata,
    },
    patch: { reportType: 'monthly' },
    clearable: 'researchId',
    needed: ['title', 'createdDate'],
    bad: [
      ['researchId', 'research_id', 'TSM-001', 'INVALID_ID'],
      ['reportType', 'report_type', long(201), 'TOO_LONG'],
      ['title', 'title', 'tbd', 'MISSING'],
      notObject,
    ],
  },
  {
    type: 'Analysis',
    plural: 'Analyses',
    table: 'analysis_results',
    dataset: 'analysis_results',
    key: 'analysisId',
    keyColumn: 'analysis_id',
    values: { videoId: 'Video_100', analysisType: 'EXTRACTION', filePath: 'a.md', results: { found: 1 } },
    patch: { results: { found: 2 } },
    clearable: 'videoId',
    needed: ['analysisType'],
    bad: [
      ['filePath', 'file_path', long(2_001), 'TOO_LONG'],
      ['results', 'results', 'words', 'INVALID_TYPE'],
    ],
  },
];

/** A key of the type that no other row has. */
export const keyNumber = ({ type }: MutableType, number: number): string =>
  type === 'Research' ? `RSR-${900 + number}` : type === 'Video' ? `Video_${900 + number}` : `${type}-${900 + number}`;

/** The name of a row in payloads. */
export const fieldOf = ({ type }: MutableType): string => type.charAt(0).toLowerCase() + type.slice(1);
