/** The closed lists of the research context, in one place: datasets check by them, the API makes its enums of them. */

export const DEPARTMENTS = ['VID', 'AI', 'LGN', 'DEV', 'HR', 'DESIGN', 'SALES', 'SMM'] as const;
export type Department = (typeof DEPARTMENTS)[number];

export const RESEARCH_STATUSES = ['planning', 'active', 'review', 'completed', 'archived'] as const;
export type ResearchStatus = (typeof RESEARCH_STATUSES)[number];

export const VIDEO_STATUSES = ['queued', 'transcribing', 'analyzing', 'completed', 'failed'] as const;
export type VideoStatus = (typeof VIDEO_STATUSES)[number];

export const SEARCH_STATUSES = ['pending', 'active', 'completed', 'cancelled'] as const;
export type SearchStatus = (typeof SEARCH_STATUSES)[number];

export const ANALYSIS_TYPES = ['gap_analysis', 'library_mapping', 'extraction', 'validation', 'phase_report'] as const;
export type AnalysisType = (typeof ANALYSIS_TYPES)[number];

/** Departments by their other names in files. `ALL` is none: a record of every department is a reject. */
export const DEPARTMENT_NAMES = { HRM: 'HR' } as const satisfies Record<string, Department>;

/** The words of the video queue. */
export const QUEUE_STATUS_NAMES = {
  Pending: 'queued',
  Selected: 'analyzing',
  Parsed: 'completed',
} as const satisfies Record<string, VideoStatus>;

/** American spelling of the one status that has two. */
export const SEARCH_STATUS_NAMES = { Canceled: 'cancelled' } as const satisfies Record<string, SearchStatus>;
