// Written by `npm run generate` from the documents beside it and schema.graphql: change those.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What analyses must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { filePath: { contains: "glif" }, analysisType: { in: [GAP_ANALYSIS, LIBRARY_MAPPING] } }`. */
export type AnalysisFilter = {
  /** The key. */
  analysisId?: IdFilter | null | undefined;
  /** What was looked for. */
  analysisType?: AnalysisTypeFilter | null | undefined;
  /** All of these hold. */
  and?: Array<AnalysisFilter> | null | undefined;
  /** When it became known here. */
  createdAt?: DateTimeFilter | null | undefined;
  /** The file that holds it. */
  filePath?: TextFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: AnalysisFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<AnalysisFilter> | null | undefined;
  /** What was found, under the file’s own names. */
  results?: JsonFilter | null | undefined;
  /** When it last changed here. */
  updatedAt?: DateTimeFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
  /** The video in which it was found. `videoId: { isNull: true }` finds what has none. */
  video?: VideoFilter | null | undefined;
  /** The key of the video. */
  videoId?: IdFilter | null | undefined;
};

/** Conditions on a list of analyses. Every one given holds. Such as `analyses: { none: {} }`. */
export type AnalysisListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: AnalysisFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: AnalysisFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: AnalysisFilter | null | undefined;
};

/** What an analysis looks for. */
export type AnalysisType =
  /** extraction */
  | 'EXTRACTION'
  /** gap analysis */
  | 'GAP_ANALYSIS'
  /** library mapping */
  | 'LIBRARY_MAPPING'
  /** phase report */
  | 'PHASE_REPORT'
  /** validation */
  | 'VALIDATION';

/** Conditions on a field of the kind AnalysisType. Every one given holds. */
export type AnalysisTypeFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: GAP_ANALYSIS`. */
  equals?: AnalysisType | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [GAP_ANALYSIS]`. */
  in?: Array<AnalysisType> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: GAP_ANALYSIS`. */
  notEquals?: AnalysisType | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [GAP_ANALYSIS]`. */
  notIn?: Array<AnalysisType> | null | undefined;
};

/** Conditions on a field of the kind BigInt. Every one given holds. */
export type BigIntFilter = {
  /** Lies from one value to another, both included. Such as `between: { from: "3", to: "3" }`. */
  between?: BigIntRange | null | undefined;
  /** Is exactly this value; null finds what has none. Such as `equals: "3"`. */
  equals?: string | null | undefined;
  /** Is more than this: later, or alphabetically after it. Such as `gt: "3"`. */
  gt?: string | null | undefined;
  /** Is this or more. Such as `gte: "3"`. */
  gte?: string | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: ["3"]`. */
  in?: Array<string> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is less than this: earlier, or alphabetically before it. Such as `lt: "3"`. */
  lt?: string | null | undefined;
  /** Is this or less. Such as `lte: "3"`. */
  lte?: string | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: "3"`. */
  notEquals?: string | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: ["3"]`. */
  notIn?: Array<string> | null | undefined;
};

/** From one value to another, both included. */
export type BigIntRange = {
  /** The least. */
  from: string;
  /** The greatest. */
  to: string;
};

/** What happened to a row. */
export type ChangeOperation =
  /** delete */
  | 'DELETE'
  /** insert */
  | 'INSERT'
  /** update */
  | 'UPDATE';

/** What channels must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { name: { contains: "glif" } }`. */
export type ChannelFilter = {
  /** All of these hold. */
  and?: Array<ChannelFilter> | null | undefined;
  /** What it is about. */
  category?: TextFilter | null | undefined;
  /** The key. */
  channelId?: IdFilter | null | undefined;
  /** When it became known here. */
  createdAt?: DateTimeFilter | null | undefined;
  /** When it was last looked through for new videos. */
  lastScanDate?: DateTimeFilter | null | undefined;
  /** What its files say beyond the fields above, under the files’ own names. */
  metadata?: JsonFilter | null | undefined;
  /** Its name. */
  name?: TextFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: ChannelFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<ChannelFilter> | null | undefined;
  /** Where it is published, such as YouTube. */
  platform?: TextFilter | null | undefined;
  /** When it last changed here. */
  updatedAt?: DateTimeFilter | null | undefined;
  /** Its address. */
  url?: TextFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
  /** Its videos. */
  videos?: VideoListFilter | null | undefined;
};

/** An order of channels: one field each; the list's next entry decides between equals. Such as `orderBy: [{ videos: { count: DESC } }, { createdAt: DESC }]`. */
export type ChannelOrder =
  {   /** What it is about. */
  category: Direction; channelId?: never; createdAt?: never; lastScanDate?: never; name?: never; platform?: never; updatedAt?: never; url?: never; videos?: never; }
  |  { category?: never;   /** The key. */
  channelId: Direction; createdAt?: never; lastScanDate?: never; name?: never; platform?: never; updatedAt?: never; url?: never; videos?: never; }
  |  { category?: never; channelId?: never;   /** When it became known here. */
  createdAt: Direction; lastScanDate?: never; name?: never; platform?: never; updatedAt?: never; url?: never; videos?: never; }
  |  { category?: never; channelId?: never; createdAt?: never;   /** When it was last looked through for new videos. */
  lastScanDate: Direction; name?: never; platform?: never; updatedAt?: never; url?: never; videos?: never; }
  |  { category?: never; channelId?: never; createdAt?: never; lastScanDate?: never;   /** Its name. */
  name: Direction; platform?: never; updatedAt?: never; url?: never; videos?: never; }
  |  { category?: never; channelId?: never; createdAt?: never; lastScanDate?: never; name?: never;   /** Where it is published, such as YouTube. */
  platform: Direction; updatedAt?: never; url?: never; videos?: never; }
  |  { category?: never; channelId?: never; createdAt?: never; lastScanDate?: never; name?: never; platform?: never;   /** When it last changed here. */
  updatedAt: Direction; url?: never; videos?: never; }
  |  { category?: never; channelId?: never; createdAt?: never; lastScanDate?: never; name?: never; platform?: never; updatedAt?: never;   /** Its address. */
  url: Direction; videos?: never; }
  |  { category?: never; channelId?: never; createdAt?: never; lastScanDate?: never; name?: never; platform?: never; updatedAt?: never; url?: never;   /** By how many there are: Its videos. */
  videos: ListOrder; };

/** A new row of the researches. Values pass the rules by which files are read. */
export type CreateResearchInput = {
  /** When it was begun. */
  createdDate?: string | null | undefined;
  /** The department whose research it is. */
  department: Department;
  /** What its files say beyond the fields above, under the files’ own names. */
  metadata?: unknown;
  /** Where its results lie. */
  outputPath?: string | null | undefined;
  /** The key, such as RSH-VID-001. The department’s next free one, such as RSH-VID-012, unless given. */
  researchId?: string | number | null | undefined;
  /** The key of the employee who does it. The row must be there. */
  researcherId?: string | number | null | undefined;
  /** How far it has come. */
  status?: ResearchStatus | null | undefined;
  /** What the research is about. */
  title: string;
};

/** Conditions on a field of the kind DateTime. Every one given holds. */
export type DateTimeFilter = {
  /** Lies from one value to another, both included. Such as `between: { from: "2025-11-20", to: "2025-11-20" }`. */
  between?: DateTimeRange | null | undefined;
  /** Is exactly this value; null finds what has none. Such as `equals: "2025-11-20"`. */
  equals?: string | null | undefined;
  /** Is more than this: later, or alphabetically after it. Such as `gt: "2025-11-20"`. */
  gt?: string | null | undefined;
  /** Is this or more. Such as `gte: "2025-11-20"`. */
  gte?: string | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: ["2025-11-20"]`. */
  in?: Array<string> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is less than this: earlier, or alphabetically before it. Such as `lt: "2025-11-20"`. */
  lt?: string | null | undefined;
  /** Is this or less. Such as `lte: "2025-11-20"`. */
  lte?: string | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: "2025-11-20"`. */
  notEquals?: string | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: ["2025-11-20"]`. */
  notIn?: Array<string> | null | undefined;
};

/** From one value to another, both included. */
export type DateTimeRange = {
  /** The least. */
  from: string;
  /** The greatest. */
  to: string;
};

/** A department of the company. */
export type Department =
  /** AI */
  | 'AI'
  /** DESIGN */
  | 'DESIGN'
  /** DEV */
  | 'DEV'
  /** HR */
  | 'HR'
  /** LGN */
  | 'LGN'
  /** SALES */
  | 'SALES'
  /** SMM */
  | 'SMM'
  /** VID */
  | 'VID';

/** Conditions on a field of the kind Department. Every one given holds. */
export type DepartmentFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: VID`. */
  equals?: Department | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [VID]`. */
  in?: Array<Department> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: VID`. */
  notEquals?: Department | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [VID]`. */
  notIn?: Array<Department> | null | undefined;
};

/** Which way a list is ordered, and where what is absent comes: last, unless the name says otherwise. */
export type Direction =
  /** Smallest, earliest or alphabetically first comes first. */
  | 'ASC'
  /** What is absent first, then as ASC. */
  | 'ASC_NULLS_FIRST'
  /** Largest, latest or alphabetically last comes first. */
  | 'DESC'
  /** What is absent first, then as DESC. */
  | 'DESC_NULLS_FIRST';

/** What employees must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { name: { contains: "glif" }, department: { in: [VID, AI] } }`. */
export type EmployeeFilter = {
  /** All of these hold. */
  and?: Array<EmployeeFilter> | null | undefined;
  /** When the employee became known here. */
  createdAt?: DateTimeFilter | null | undefined;
  /** The department. */
  department?: DepartmentFilter | null | undefined;
  /** The address for mail. */
  email?: TextFilter | null | undefined;
  /** The key. */
  employeeId?: IdFilter | null | undefined;
  /** What the files say beyond the fields above, under the files’ own names. */
  metadata?: JsonFilter | null | undefined;
  /** The name. */
  name?: TextFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: EmployeeFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<EmployeeFilter> | null | undefined;
  /** The researches that the employee does. */
  researches?: ResearchListFilter | null | undefined;
  /** The searches that the employee does. */
  searches?: SearchQueueItemListFilter | null | undefined;
  /** When the row last changed here. */
  updatedAt?: DateTimeFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
};

/** An order of employees: one field each; the list's next entry decides between equals. Such as `orderBy: [{ researches: { count: DESC } }, { createdAt: DESC }]`. */
export type EmployeeOrder =
  {   /** When the employee became known here. */
  createdAt: Direction; department?: never; email?: never; employeeId?: never; name?: never; researches?: never; searches?: never; updatedAt?: never; }
  |  { createdAt?: never;   /** The department. */
  department: Direction; email?: never; employeeId?: never; name?: never; researches?: never; searches?: never; updatedAt?: never; }
  |  { createdAt?: never; department?: never;   /** The address for mail. */
  email: Direction; employeeId?: never; name?: never; researches?: never; searches?: never; updatedAt?: never; }
  |  { createdAt?: never; department?: never; email?: never;   /** The key. */
  employeeId: Direction; name?: never; researches?: never; searches?: never; updatedAt?: never; }
  |  { createdAt?: never; department?: never; email?: never; employeeId?: never;   /** The name. */
  name: Direction; researches?: never; searches?: never; updatedAt?: never; }
  |  { createdAt?: never; department?: never; email?: never; employeeId?: never; name?: never;   /** By how many there are: The researches that the employee does. */
  researches: ListOrder; searches?: never; updatedAt?: never; }
  |  { createdAt?: never; department?: never; email?: never; employeeId?: never; name?: never; researches?: never;   /** By how many there are: The searches that the employee does. */
  searches: ListOrder; updatedAt?: never; }
  |  { createdAt?: never; department?: never; email?: never; employeeId?: never; name?: never; researches?: never; searches?: never;   /** When the row last changed here. */
  updatedAt: Direction; };

/** Conditions on a field of the kind Float. Every one given holds. */
export type FloatFilter = {
  /** Lies from one value to another, both included. Such as `between: { from: 0.5, to: 0.5 }`. */
  between?: FloatRange | null | undefined;
  /** Is exactly this value; null finds what has none. Such as `equals: 0.5`. */
  equals?: number | null | undefined;
  /** Is more than this: later, or alphabetically after it. Such as `gt: 0.5`. */
  gt?: number | null | undefined;
  /** Is this or more. Such as `gte: 0.5`. */
  gte?: number | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [0.5]`. */
  in?: Array<number> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is less than this: earlier, or alphabetically before it. Such as `lt: 0.5`. */
  lt?: number | null | undefined;
  /** Is this or less. Such as `lte: 0.5`. */
  lte?: number | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: 0.5`. */
  notEquals?: number | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [0.5]`. */
  notIn?: Array<number> | null | undefined;
};

/** From one value to another, both included. */
export type FloatRange = {
  /** The least. */
  from: number;
  /** The greatest. */
  to: number;
};

/** Conditions on a field of the kind Id. Every one given holds. */
export type IdFilter = {
  /** Lies from one value to another, both included. Such as `between: { from: "Video_001", to: "Video_001" }`. */
  between?: IdRange | null | undefined;
  /** Holds this text. Upper and lower case are alike. Such as `contains: "Video_001"`. */
  contains?: string | number | null | undefined;
  /** Ends with this text. Upper and lower case are alike. Such as `endsWith: "Video_001"`. */
  endsWith?: string | number | null | undefined;
  /** Is exactly this value; null finds what has none. Such as `equals: "Video_001"`. */
  equals?: string | number | null | undefined;
  /** Is more than this: later, or alphabetically after it. Such as `gt: "Video_001"`. */
  gt?: string | number | null | undefined;
  /** Is this or more. Such as `gte: "Video_001"`. */
  gte?: string | number | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: ["Video_001"]`. */
  in?: Array<string | number> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is less than this: earlier, or alphabetically before it. Such as `lt: "Video_001"`. */
  lt?: string | number | null | undefined;
  /** Is this or less. Such as `lte: "Video_001"`. */
  lte?: string | number | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: "Video_001"`. */
  notEquals?: string | number | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: ["Video_001"]`. */
  notIn?: Array<string | number> | null | undefined;
  /** Begins with this text. Upper and lower case are alike. Such as `startsWith: "Video_001"`. */
  startsWith?: string | number | null | undefined;
};

/** From one value to another, both included. */
export type IdRange = {
  /** The least. */
  from: string | number;
  /** The greatest. */
  to: string | number;
};

/** A file to import: either a path inside the import roots, or an upload. */
export type ImportFileInput = {
  /** The dataset that it goes into; by default its name decides. */
  dataset?: string | null | undefined;
  /** Find out what would happen, write nothing. */
  dryRun?: boolean;
  /** The file itself, by a multipart request. */
  file?: File | null | undefined;
  /** A path inside the import roots; a relative one is tried under each in order. */
  path?: string | null | undefined;
  /** A folder inside the import roots: the path is read from there and kept relative to it. */
  root?: string | null | undefined;
  /** False answers with status RUNNING as soon as a job has the file: importProgress follows it, cancelJob ends it. */
  wait?: boolean;
};

/** What imports must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { path: { contains: "glif" }, status: { in: [RUNNING, IMPORTED] } }`. */
export type ImportFilter = {
  /** Who asked for it, such as token:nightly. */
  actor?: IdFilter | null | undefined;
  /** All of these hold. */
  and?: Array<ImportFilter> | null | undefined;
  /** The dataset that it went into. */
  dataset?: IdFilter | null | undefined;
  /** Rows that records brought along for other tables. */
  derived?: IntFilter | null | undefined;
  /** SHA-256 of the file, hexadecimal. */
  fileHash?: IdFilter | null | undefined;
  /** When the file was last changed. */
  fileModifiedAt?: DateTimeFilter | null | undefined;
  /** When it ended; null while it runs. */
  finishedAt?: DateTimeFilter | null | undefined;
  /** The key, a UUID of version 7. */
  importId?: UuidFilter | null | undefined;
  /** Records that became new rows. */
  inserted?: IntFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: ImportFilter | null | undefined;
  /** What the reader settled on: encoding, delimiter, unknown names. */
  notes?: JsonFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<ImportFilter> | null | undefined;
  /** The file, relative to the folder that was imported. */
  path?: TextFilter | null | undefined;
  /** Records read. */
  read?: IntFilter | null | undefined;
  /** Records that did not pass. */
  rejected?: IntFilter | null | undefined;
  /** The version of the dataset’s rules that read it. */
  rulesVersion?: IntFilter | null | undefined;
  /** When it began. */
  startedAt?: DateTimeFilter | null | undefined;
  /** How it went. */
  status?: ImportStatusFilter | null | undefined;
  /** Records that said what was known. */
  unchanged?: IntFilter | null | undefined;
  /** Records that changed a row. */
  updated?: IntFilter | null | undefined;
};

/** A folder to import. */
export type ImportFolderInput = {
  /** Only files of this dataset. */
  dataset?: string | null | undefined;
  /** Find out what would happen, write nothing. */
  dryRun?: boolean;
  /** A folder inside the import roots; paths are kept relative to it. */
  path: string;
  /** False answers with imports of status RUNNING as soon as a job has them: importProgress follows each, cancelJob ends all. */
  wait?: boolean;
};

/** How an import went. */
export type ImportStatus =
  /** failed */
  | 'FAILED'
  /** imported */
  | 'IMPORTED'
  /** running */
  | 'RUNNING'
  /** unchanged */
  | 'UNCHANGED'
  /** undone */
  | 'UNDONE';

/** Conditions on a field of the kind ImportStatus. Every one given holds. */
export type ImportStatusFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: RUNNING`. */
  equals?: ImportStatus | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [RUNNING]`. */
  in?: Array<ImportStatus> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: RUNNING`. */
  notEquals?: ImportStatus | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [RUNNING]`. */
  notIn?: Array<ImportStatus> | null | undefined;
};

/** What influencers must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { name: { contains: "glif" } }`. */
export type InfluencerFilter = {
  /** All of these hold. */
  and?: Array<InfluencerFilter> | null | undefined;
  /** What the person publishes about. */
  category?: TextFilter | null | undefined;
  /** When the person became known here. */
  createdAt?: DateTimeFilter | null | undefined;
  /** How many of those react, in per cent. */
  engagementRate?: FloatFilter | null | undefined;
  /** The key. */
  influencerId?: IdFilter | null | undefined;
  /** When the file’s figures were taken. */
  lastUpdated?: DateTimeFilter | null | undefined;
  /** What the files say beyond the fields above, under the files’ own names. */
  metadata?: JsonFilter | null | undefined;
  /** The name. */
  name?: TextFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: InfluencerFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<InfluencerFilter> | null | undefined;
  /** Where the person publishes. */
  platform?: TextFilter | null | undefined;
  /** How many follow; of a range, its lower end. */
  subscriberCount?: IntFilter | null | undefined;
  /** When the row last changed here. */
  updatedAt?: DateTimeFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
  /** The videos in which the person is seen. */
  videos?: VideoListFilter | null | undefined;
};

/** Conditions on a list of influencers. Every one given holds. Such as `influencers: { none: {} }`. */
export type InfluencerListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: InfluencerFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: InfluencerFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: InfluencerFilter | null | undefined;
};

/** Conditions on a field of the kind Int. Every one given holds. */
export type IntFilter = {
  /** Lies from one value to another, both included. Such as `between: { from: 3, to: 3 }`. */
  between?: IntRange | null | undefined;
  /** Is exactly this value; null finds what has none. Such as `equals: 3`. */
  equals?: number | null | undefined;
  /** Is more than this: later, or alphabetically after it. Such as `gt: 3`. */
  gt?: number | null | undefined;
  /** Is this or more. Such as `gte: 3`. */
  gte?: number | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [3]`. */
  in?: Array<number> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is less than this: earlier, or alphabetically before it. Such as `lt: 3`. */
  lt?: number | null | undefined;
  /** Is this or less. Such as `lte: 3`. */
  lte?: number | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: 3`. */
  notEquals?: number | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [3]`. */
  notIn?: Array<number> | null | undefined;
};

/** From one value to another, both included. */
export type IntRange = {
  /** The least. */
  from: number;
  /** The greatest. */
  to: number;
};

/** Conditions on a field of the kind Json. Every one given holds. */
export type JsonFilter = {
  /** What stands at `path` contains this: an object these keys with what they contain, a list these values in any order. Such as `contains: ["glif"]`. */
  contains?: unknown;
  /** What stands at `path` is exactly this; null finds a null that stands there. Such as `equals: "UA"`. */
  equals?: unknown;
  /** True: something stands at `path`, a null included; false: nothing does. Such as `exists: true`. */
  exists?: boolean | null | undefined;
  /** True: nothing stands at `path`, or a null; false: a value does. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Where the operators beside it look: keys from the top, in lists places from 0; everywhere at the top unless given. Such as `path: ["tags"], contains: "glif"`. */
  path?: Array<string> | null | undefined;
};

/** An order by a list that each row has. Such as `orderBy: [{ videos: { count: DESC } }]`. */
export type ListOrder = {
  /** By how many rows the list has. */
  count: Direction;
};

/** Conditions on a field of the kind LongText. Every one given holds. */
export type LongTextFilter = {
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
};

/** Why a field or a record did not pass. */
export type RejectCode =
  /** CONSTRAINT */
  | 'CONSTRAINT'
  /** DUPLICATE KEY */
  | 'DUPLICATE_KEY'
  /** INVALID ID */
  | 'INVALID_ID'
  /** INVALID TYPE */
  | 'INVALID_TYPE'
  /** INVALID VALUE */
  | 'INVALID_VALUE'
  /** MALFORMED */
  | 'MALFORMED'
  /** MISSING */
  | 'MISSING'
  /** OUT OF RANGE */
  | 'OUT_OF_RANGE'
  /** TOMBSTONED */
  | 'TOMBSTONED'
  /** TOO LONG */
  | 'TOO_LONG';

/** Conditions on a field of the kind RejectCode. Every one given holds. */
export type RejectCodeConditionFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: MALFORMED`. */
  equals?: RejectCode | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [MALFORMED]`. */
  in?: Array<RejectCode> | null | undefined;
};

/** What rejects must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { status: { in: [OPEN, FIXED] } }`. */
export type RejectFilter = {
  /** All of these hold. */
  and?: Array<RejectFilter> | null | undefined;
  /** Why it did not pass: one of its reasons is this. */
  code?: RejectCodeConditionFilter | null | undefined;
  /** When it was rejected. */
  createdAt?: DateTimeFilter | null | undefined;
  /** The dataset that it should have gone into. */
  dataset?: IdFilter | null | undefined;
  /** The import that it came with. `importId: { isNull: true }` finds what has none. */
  import?: ImportFilter | null | undefined;
  /** The import that it came with. */
  importId?: UuidFilter | null | undefined;
  /** The line of the file on which the record begins, from 1. */
  line?: IntFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: RejectFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<RejectFilter> | null | undefined;
  /** The key, a number. */
  rejectId?: BigIntFilter | null | undefined;
  /** When it was fixed or dropped. */
  resolvedAt?: DateTimeFilter | null | undefined;
  /** Whether it still waits. */
  status?: RejectStatusFilter | null | undefined;
};

/** What became of a reject. */
export type RejectStatus =
  /** dropped */
  | 'DROPPED'
  /** fixed */
  | 'FIXED'
  /** open */
  | 'OPEN';

/** Conditions on a field of the kind RejectStatus. Every one given holds. */
export type RejectStatusFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: OPEN`. */
  equals?: RejectStatus | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [OPEN]`. */
  in?: Array<RejectStatus> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: OPEN`. */
  notEquals?: RejectStatus | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [OPEN]`. */
  notIn?: Array<RejectStatus> | null | undefined;
};

/** What reports must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { title: { contains: "glif" } }`. */
export type ReportFilter = {
  /** All of these hold. */
  and?: Array<ReportFilter> | null | undefined;
  /** When it was written. */
  createdDate?: DateTimeFilter | null | undefined;
  /** The file that holds it. */
  filePath?: TextFilter | null | undefined;
  /** What its files say beyond the fields above, under the files’ own names. */
  metadata?: JsonFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: ReportFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<ReportFilter> | null | undefined;
  /** When it was published. */
  publishedDate?: DateTimeFilter | null | undefined;
  /** The key. */
  reportId?: IdFilter | null | undefined;
  /** What kind of report it is. */
  reportType?: TextFilter | null | undefined;
  /** The research it is on. `researchId: { isNull: true }` finds what has none. */
  research?: ResearchFilter | null | undefined;
  /** The key of the research it is on. */
  researchId?: IdFilter | null | undefined;
  /** Its title. */
  title?: TextFilter | null | undefined;
  /** When it last changed here. */
  updatedAt?: DateTimeFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
};

/** Conditions on a list of reports. Every one given holds. Such as `reports: { none: {} }`. */
export type ReportListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: ReportFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: ReportFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: ReportFilter | null | undefined;
};

/** What researches must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { title: { contains: "glif" }, department: { in: [VID, AI] } }`. */
export type ResearchFilter = {
  /** All of these hold. */
  and?: Array<ResearchFilter> | null | undefined;
  /** When it was begun. */
  createdDate?: DateTimeFilter | null | undefined;
  /** The department whose research it is. */
  department?: DepartmentFilter | null | undefined;
  /** What its files say beyond the fields above, under the files’ own names. */
  metadata?: JsonFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: ResearchFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<ResearchFilter> | null | undefined;
  /** Where its results lie. */
  outputPath?: TextFilter | null | undefined;
  /** The reports written on it. */
  reports?: ReportListFilter | null | undefined;
  /** The key, such as RSH-VID-001. */
  researchId?: IdFilter | null | undefined;
  /** The employee who does it. `researcherId: { isNull: true }` finds what has none. */
  researcher?: EmployeeFilter | null | undefined;
  /** The key of the employee who does it. */
  researcherId?: IdFilter | null | undefined;
  /** How far it has come. */
  status?: ResearchStatusFilter | null | undefined;
  /** What the research is about. */
  title?: TextFilter | null | undefined;
  /** When it last changed here. */
  updatedDate?: DateTimeFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
  /** The videos that it draws on. */
  videos?: ResearchVideosListFilter | null | undefined;
};

/** Conditions on a list of researches. Every one given holds. Such as `researches: { none: {} }`. */
export type ResearchListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: ResearchFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: ResearchFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: ResearchFilter | null | undefined;
};

/** An order of researches: one field each; the list's next entry decides between equals. Such as `orderBy: [{ researcher: { name: ASC } }, { createdDate: DESC }]`. */
export type ResearchOrder =
  {   /** When it was begun. */
  createdDate: Direction; department?: never; outputPath?: never; reports?: never; researchId?: never; researcher?: never; researcherId?: never; status?: never; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never;   /** The department whose research it is. */
  department: Direction; outputPath?: never; reports?: never; researchId?: never; researcher?: never; researcherId?: never; status?: never; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never;   /** Where its results lie. */
  outputPath: Direction; reports?: never; researchId?: never; researcher?: never; researcherId?: never; status?: never; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never;   /** By how many there are: The reports written on it. */
  reports: ListOrder; researchId?: never; researcher?: never; researcherId?: never; status?: never; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never; reports?: never;   /** The key, such as RSH-VID-001. */
  researchId: Direction; researcher?: never; researcherId?: never; status?: never; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never; reports?: never; researchId?: never;   /** By a field of it: The employee who does it. What has none comes last, or first if asked. */
  researcher: EmployeeOrder; researcherId?: never; status?: never; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never; reports?: never; researchId?: never; researcher?: never;   /** The key of the employee who does it. */
  researcherId: Direction; status?: never; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never; reports?: never; researchId?: never; researcher?: never; researcherId?: never;   /** How far it has come. */
  status: Direction; title?: never; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never; reports?: never; researchId?: never; researcher?: never; researcherId?: never; status?: never;   /** What the research is about. */
  title: Direction; updatedDate?: never; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never; reports?: never; researchId?: never; researcher?: never; researcherId?: never; status?: never; title?: never;   /** When it last changed here. */
  updatedDate: Direction; videos?: never; }
  |  { createdDate?: never; department?: never; outputPath?: never; reports?: never; researchId?: never; researcher?: never; researcherId?: never; status?: never; title?: never; updatedDate?: never;   /** By how many there are: The videos that it draws on. */
  videos: ListOrder; };

/** What to change: an absent field is kept, null or an empty text clears it. */
export type ResearchPatch = {
  /** When it was begun. Cannot be cleared. */
  createdDate?: string | null | undefined;
  /** The department whose research it is. Cannot be cleared. */
  department?: Department | null | undefined;
  /** What its files say beyond the fields above, under the files’ own names. Replaced as a whole. */
  metadata?: unknown;
  /** Where its results lie. */
  outputPath?: string | null | undefined;
  /** The key of the employee who does it. The row must be there. */
  researcherId?: string | number | null | undefined;
  /** How far it has come. Cannot be cleared. */
  status?: ResearchStatus | null | undefined;
  /** What the research is about. Cannot be cleared. */
  title?: string | null | undefined;
};

/** How far a research has come. */
export type ResearchStatus =
  /** active */
  | 'ACTIVE'
  /** archived */
  | 'ARCHIVED'
  /** completed */
  | 'COMPLETED'
  /** planning */
  | 'PLANNING'
  /** review */
  | 'REVIEW';

/** Conditions on a field of the kind ResearchStatus. Every one given holds. */
export type ResearchStatusFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: PLANNING`. */
  equals?: ResearchStatus | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [PLANNING]`. */
  in?: Array<ResearchStatus> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: PLANNING`. */
  notEquals?: ResearchStatus | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [PLANNING]`. */
  notIn?: Array<ResearchStatus> | null | undefined;
};

/** What a link itself must be like. Every condition given holds. Such as `relevanceScore: { isNull: false }`. */
export type ResearchVideosLinkFilter = {
  /** How much the video matters to the research, from 0 to 1. */
  relevanceScore?: FloatFilter | null | undefined;
};

/** Conditions on a list of videos. Every one given holds. Such as `videos: { none: {} }`. */
export type ResearchVideosListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: VideoFilter | null | undefined;
  /** Only rows whose link is like this are looked at by some, none and every. Such as `videos: { some: {}, link: { relevanceScore: { gte: 0.5 } } }`. */
  link?: ResearchVideosLinkFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: VideoFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: VideoFilter | null | undefined;
};

/** What searches of the queue must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { query: { contains: "glif" }, department: { in: [VID, AI] } }`. */
export type SearchQueueItemFilter = {
  /** All of these hold. */
  and?: Array<SearchQueueItemFilter> | null | undefined;
  /** The key of the employee who does it. */
  assignedTo?: IdFilter | null | undefined;
  /** The employee who does it. `assignedTo: { isNull: true }` finds what has none. */
  assignee?: EmployeeFilter | null | undefined;
  /** When it was done. */
  completedDate?: DateTimeFilter | null | undefined;
  /** When it was asked for. */
  createdDate?: DateTimeFilter | null | undefined;
  /** The department that wants it. */
  department?: DepartmentFilter | null | undefined;
  /** What its files say beyond the fields above, under the files’ own names. */
  metadata?: JsonFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: SearchQueueItemFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<SearchQueueItemFilter> | null | undefined;
  /** How much it matters, from 1 to 5. */
  priority?: IntFilter | null | undefined;
  /** What is searched for. */
  query?: TextFilter | null | undefined;
  /** Where the results lie. */
  resultsPath?: TextFilter | null | undefined;
  /** The key. */
  searchId?: IdFilter | null | undefined;
  /** How far it has come. */
  status?: SearchStatusFilter | null | undefined;
  /** When it last changed here. */
  updatedAt?: DateTimeFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
};

/** Conditions on a list of searches of the queue. Every one given holds. Such as `searches: { none: {} }`. */
export type SearchQueueItemListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: SearchQueueItemFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: SearchQueueItemFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: SearchQueueItemFilter | null | undefined;
};

/** How far a search has come. */
export type SearchStatus =
  /** active */
  | 'ACTIVE'
  /** cancelled */
  | 'CANCELLED'
  /** completed */
  | 'COMPLETED'
  /** pending */
  | 'PENDING';

/** Conditions on a field of the kind SearchStatus. Every one given holds. */
export type SearchStatusFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: PENDING`. */
  equals?: SearchStatus | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [PENDING]`. */
  in?: Array<SearchStatus> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: PENDING`. */
  notEquals?: SearchStatus | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [PENDING]`. */
  notIn?: Array<SearchStatus> | null | undefined;
};

/** Conditions on a field of the kind Text. Every one given holds. */
export type TextFilter = {
  /** Lies from one value to another, both included. Such as `between: { from: "glif", to: "glif" }`. */
  between?: TextRange | null | undefined;
  /** Holds this text. Upper and lower case are alike. Such as `contains: "glif"`. */
  contains?: string | null | undefined;
  /** Ends with this text. Upper and lower case are alike. Such as `endsWith: "glif"`. */
  endsWith?: string | null | undefined;
  /** Is exactly this value; null finds what has none. Such as `equals: "glif"`. */
  equals?: string | null | undefined;
  /** Is more than this: later, or alphabetically after it. Such as `gt: "glif"`. */
  gt?: string | null | undefined;
  /** Is this or more. Such as `gte: "glif"`. */
  gte?: string | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: ["glif"]`. */
  in?: Array<string> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is less than this: earlier, or alphabetically before it. Such as `lt: "glif"`. */
  lt?: string | null | undefined;
  /** Is this or less. Such as `lte: "glif"`. */
  lte?: string | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: "glif"`. */
  notEquals?: string | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: ["glif"]`. */
  notIn?: Array<string> | null | undefined;
  /** Begins with this text. Upper and lower case are alike. Such as `startsWith: "glif"`. */
  startsWith?: string | null | undefined;
};

/** From one value to another, both included. */
export type TextRange = {
  /** The least. */
  from: string;
  /** The greatest. */
  to: string;
};

/** Conditions on a field of the kind Uuid. Every one given holds. */
export type UuidFilter = {
  /** Lies from one value to another, both included. Such as `between: { from: "019a0b1c-2d3e-7f40-8a51-62738495a6b7", to: "019a0b1c-2d3e-7f40-8a51-62738495a6b7" }`. */
  between?: UuidRange | null | undefined;
  /** Is exactly this value; null finds what has none. Such as `equals: "019a0b1c-2d3e-7f40-8a51-62738495a6b7"`. */
  equals?: string | number | null | undefined;
  /** Is more than this: later, or alphabetically after it. Such as `gt: "019a0b1c-2d3e-7f40-8a51-62738495a6b7"`. */
  gt?: string | number | null | undefined;
  /** Is this or more. Such as `gte: "019a0b1c-2d3e-7f40-8a51-62738495a6b7"`. */
  gte?: string | number | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: ["019a0b1c-2d3e-7f40-8a51-62738495a6b7"]`. */
  in?: Array<string | number> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is less than this: earlier, or alphabetically before it. Such as `lt: "019a0b1c-2d3e-7f40-8a51-62738495a6b7"`. */
  lt?: string | number | null | undefined;
  /** Is this or less. Such as `lte: "019a0b1c-2d3e-7f40-8a51-62738495a6b7"`. */
  lte?: string | number | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: "019a0b1c-2d3e-7f40-8a51-62738495a6b7"`. */
  notEquals?: string | number | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: ["019a0b1c-2d3e-7f40-8a51-62738495a6b7"]`. */
  notIn?: Array<string | number> | null | undefined;
};

/** From one value to another, both included. */
export type UuidRange = {
  /** The least. */
  from: string | number;
  /** The greatest. */
  to: string | number;
};

/** What videos must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { sourceUrl: { contains: "glif" }, status: { in: [QUEUED, TRANSCRIBING] } }`. */
export type VideoFilter = {
  /** What was found in it. */
  analyses?: AnalysisListFilter | null | undefined;
  /** All of these hold. */
  and?: Array<VideoFilter> | null | undefined;
  /** The channel that published it. `channelId: { isNull: true }` finds what has none. */
  channel?: ChannelFilter | null | undefined;
  /** The key of the channel that published it. */
  channelId?: IdFilter | null | undefined;
  /** When it was done with. */
  completedDate?: DateTimeFilter | null | undefined;
  /** When it entered the queue. */
  createdDate?: DateTimeFilter | null | undefined;
  /** Its length in seconds. */
  duration?: IntFilter | null | undefined;
  /** The influencers seen in it. */
  influencers?: InfluencerListFilter | null | undefined;
  /** What its files say beyond the fields above, under the files’ own names. */
  metadata?: JsonFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: VideoFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<VideoFilter> | null | undefined;
  /** The phase of work that it is in, from 1 to 7. */
  phase?: IntFilter | null | undefined;
  /** The researches that draw on it. */
  researches?: VideoResearchesListFilter | null | undefined;
  /** What is said in it, piece by piece, in the order of speech. */
  segments?: VideoSegmentListFilter | null | undefined;
  /** Where it can be watched. */
  sourceUrl?: TextFilter | null | undefined;
  /** How far it has come. */
  status?: VideoStatusFilter | null | undefined;
  /** Its title. */
  title?: TextFilter | null | undefined;
  /** All that is said in it. */
  transcriptContent?: LongTextFilter | null | undefined;
  /** The file that holds its transcript. */
  transcriptPath?: TextFilter | null | undefined;
  /** When it last changed here. */
  updatedAt?: DateTimeFilter | null | undefined;
  /** Grows by one with every change; `ifVersion` of a mutation asks that it still be this. */
  version?: IntFilter | null | undefined;
  /** The key, such as Video_001. */
  videoId?: IdFilter | null | undefined;
};

/** Conditions on a list of videos. Every one given holds. Such as `videos: { none: {} }`. */
export type VideoListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: VideoFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: VideoFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: VideoFilter | null | undefined;
};

/** An order of videos: one field each; the list's next entry decides between equals. Such as `orderBy: [{ channel: { name: ASC } }, { createdDate: DESC }]`. */
export type VideoOrder =
  {   /** By how many there are: What was found in it. */
  analyses: ListOrder; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never;   /** By a field of it: The channel that published it. What has none comes last, or first if asked. */
  channel: ChannelOrder; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never;   /** The key of the channel that published it. */
  channelId: Direction; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never;   /** When it was done with. */
  completedDate: Direction; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never;   /** When it entered the queue. */
  createdDate: Direction; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never;   /** Its length in seconds. */
  duration: Direction; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never;   /** By how many there are: The influencers seen in it. */
  influencers: ListOrder; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never;   /** The phase of work that it is in, from 1 to 7. */
  phase: Direction; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never;   /** By how many there are: The researches that draw on it. */
  researches: ListOrder; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never;   /** By how many there are: What is said in it, piece by piece, in the order of speech. */
  segments: ListOrder; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never;   /** Where it can be watched. */
  sourceUrl: Direction; status?: never; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never;   /** How far it has come. */
  status: Direction; title?: never; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never;   /** Its title. */
  title: Direction; transcriptPath?: never; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never;   /** The file that holds its transcript. */
  transcriptPath: Direction; updatedAt?: never; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never;   /** When it last changed here. */
  updatedAt: Direction; videoId?: never; }
  |  { analyses?: never; channel?: never; channelId?: never; completedDate?: never; createdDate?: never; duration?: never; influencers?: never; phase?: never; researches?: never; segments?: never; sourceUrl?: never; status?: never; title?: never; transcriptPath?: never; updatedAt?: never;   /** The key, such as Video_001. */
  videoId: Direction; };

/** What a link itself must be like. Every condition given holds. Such as `relevanceScore: { isNull: false }`. */
export type VideoResearchesLinkFilter = {
  /** How much it matters to the research, from 0 to 1. */
  relevanceScore?: FloatFilter | null | undefined;
};

/** Conditions on a list of researches. Every one given holds. Such as `researches: { none: {} }`. */
export type VideoResearchesListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: ResearchFilter | null | undefined;
  /** Only rows whose link is like this are looked at by some, none and every. Such as `researches: { some: {}, link: { relevanceScore: { gte: 0.5 } } }`. */
  link?: VideoResearchesLinkFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: ResearchFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: ResearchFilter | null | undefined;
};

/** What segments must be like. Every condition given holds; `or` and `not` combine them otherwise. Such as `where: { speaker: { contains: "glif" } }`. */
export type VideoSegmentFilter = {
  /** All of these hold. */
  and?: Array<VideoSegmentFilter> | null | undefined;
  /** The second at which it ends. */
  end?: FloatFilter | null | undefined;
  /** This does not hold; what is absent counts as not holding. */
  not?: VideoSegmentFilter | null | undefined;
  /** At least one of these holds; of an empty list none does. */
  or?: Array<VideoSegmentFilter> | null | undefined;
  /** Its place in the video, from 1. */
  position?: IntFilter | null | undefined;
  /** The number of the segment; with the video’s key and the position it says the same. */
  segmentId?: BigIntFilter | null | undefined;
  /** Who speaks, where the transcript says so. */
  speaker?: TextFilter | null | undefined;
  /** The second at which it begins. */
  start?: FloatFilter | null | undefined;
  /** What is said. */
  text?: TextFilter | null | undefined;
  /** The video in which it is said. `videoId: { isNull: true }` finds what has none. */
  video?: VideoFilter | null | undefined;
  /** The key of the video. */
  videoId?: IdFilter | null | undefined;
};

/** Conditions on a list of segments. Every one given holds. Such as `segments: { none: {} }`. */
export type VideoSegmentListFilter = {
  /** Each of them is like this; of none, every one is. */
  every?: VideoSegmentFilter | null | undefined;
  /** None of them is like this; `{}` finds what has none. */
  none?: VideoSegmentFilter | null | undefined;
  /** At least one of them is like this; `{}` finds what has any. */
  some?: VideoSegmentFilter | null | undefined;
};

/** How far a video has come through the queue. */
export type VideoStatus =
  /** analyzing */
  | 'ANALYZING'
  /** completed */
  | 'COMPLETED'
  /** failed */
  | 'FAILED'
  /** queued */
  | 'QUEUED'
  /** transcribing */
  | 'TRANSCRIBING';

/** Conditions on a field of the kind VideoStatus. Every one given holds. */
export type VideoStatusFilter = {
  /** Is exactly this value; null finds what has none. Such as `equals: QUEUED`. */
  equals?: VideoStatus | null | undefined;
  /** Is exactly one of these values, 1,000 at most; of an empty list nothing is. Such as `in: [QUEUED]`. */
  in?: Array<VideoStatus> | null | undefined;
  /** True: has no value; false: has one. On a field that always has one, true finds nothing. Such as `isNull: true`. */
  isNull?: boolean | null | undefined;
  /** Is another value, or none; null finds what has any. Such as `notEquals: QUEUED`. */
  notEquals?: VideoStatus | null | undefined;
  /** Is none of these values, or has none; of an empty list everything is not. Such as `notIn: [QUEUED]`. */
  notIn?: Array<VideoStatus> | null | undefined;
};

export type ImportFileMutationVariables = Exact<{
  input: ImportFileInput;
}>;


export type ImportFileMutation = { importFile: { id: string, importId: string, dataset: string, path: string, status: ImportStatus, dryRun: boolean, read: number, inserted: number, updated: number, unchanged: number, rejected: number, derived: number, startedAt: string, finishedAt: string | null, fileHash: string | null, rejects: { totalCount: number, edges: Array<{ node: { id: string, line: number, raw: string, status: RejectStatus, errors: Array<{ field: string, code: RejectCode, message: string, value: string | null }> } }> } } };

export type ImportFolderMutationVariables = Exact<{
  input: ImportFolderInput;
}>;


export type ImportFolderMutation = { importFolder: { totals: { files: number, read: number, inserted: number, updated: number, unchanged: number, rejected: number, derived: number }, imports: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { importId: string, dataset: string, path: string, status: ImportStatus, read: number, inserted: number, updated: number, unchanged: number, rejected: number, derived: number } }> }, skipped: { totalCount: number, edges: Array<{ node: { path: string, reason: string } }> } } };

export type ImportRecordsMutationVariables = Exact<{
  dataset: string;
  records: Array<unknown> | unknown;
}>;


export type ImportRecordsMutation = { importRecords: { importId: string, status: ImportStatus, read: number, inserted: number, updated: number, unchanged: number, rejected: number, derived: number } };

export type ImportsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  where?: ImportFilter | null | undefined;
}>;


export type ImportsQuery = { imports: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, importId: string, dataset: string, path: string, status: ImportStatus, read: number, inserted: number, updated: number, unchanged: number, rejected: number, derived: number, startedAt: string, finishedAt: string | null, actor: string } }> } };

export type RejectsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  where?: RejectFilter | null | undefined;
}>;


export type RejectsQuery = { rejects: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, line: number, raw: string, status: RejectStatus, dataset: string, import: { importId: string, path: string } | null, errors: Array<{ field: string, code: RejectCode, message: string, value: string | null }> } }> } };

export type DatasetsQueryVariables = Exact<{ [key: string]: never; }>;


export type DatasetsQuery = { datasets: Array<{ name: string, title: string, table: string, key: Array<string>, rows: number, openRejects: number, fields: Array<{ name: string, type: string, required: boolean, description: string | null }>, lastImport: { importId: string, finishedAt: string | null } | null }> };

export type HistoryQueryVariables = Exact<{
  table: string;
  key: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type HistoryQuery = { changes: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, operation: ChangeOperation, changedAt: string, actor: string, oldValues: unknown, newValues: unknown, line: number | null, import: { importId: string, path: string } | null } }> } };

export type ImportProgressSubscriptionVariables = Exact<{
  importId: string | number;
}>;


export type ImportProgressSubscription = { importProgress: { importId: string, status: ImportStatus, bytesRead: number, bytesTotal: number | null, read: number, rejected: number } };

export type ResearchesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  where?: ResearchFilter | null | undefined;
  orderBy?: Array<ResearchOrder> | ResearchOrder | null | undefined;
}>;


export type ResearchesQuery = { researches: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, researchId: string, title: string, department: Department, status: ResearchStatus, createdDate: string, updatedDate: string, outputPath: string | null, metadata: unknown, researcher: { employeeId: string, name: string } | null, videos: { totalCount: number, edges: Array<{ relevanceScore: number | null, node: { videoId: string, title: string, duration: number | null, status: VideoStatus, phase: number | null, channel: { channelId: string, name: string, platform: string } | null, influencers: { edges: Array<{ node: { influencerId: string, name: string, engagementRate: number | null } }> }, analyses: { edges: Array<{ node: { analysisId: string, analysisType: AnalysisType } }> } } }> }, reports: { edges: Array<{ node: { reportId: string, title: string, filePath: string | null } }> } } }> } };

export type ResearchByIdQueryVariables = Exact<{
  researchId: string;
}>;


export type ResearchByIdQuery = { research: { researchId: string, title: string, videos: { edges: Array<{ node: { videoId: string, transcriptPath: string | null } }> } } | null };

export type VideosQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  where?: VideoFilter | null | undefined;
  orderBy?: Array<VideoOrder> | VideoOrder | null | undefined;
}>;


export type VideosQuery = { videos: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { videoId: string, sourceUrl: string, title: string, duration: number | null, status: VideoStatus, phase: number | null, createdDate: string, channel: { name: string } | null, researches: { edges: Array<{ node: { researchId: string } }> } } }> } };

export type VideoByIdQueryVariables = Exact<{
  videoId: string;
}>;


export type VideoByIdQuery = { video: { videoId: string, title: string, transcriptContent: string | null, analyses: { edges: Array<{ node: { analysisId: string, analysisType: AnalysisType, results: unknown } }> } } | null };

export type ChannelsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ChannelsQuery = { channels: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { channelId: string, name: string, url: string | null, videos: { totalCount: number } } }> } };

export type InfluencersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type InfluencersQuery = { influencers: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { influencerId: string, name: string, subscriberCount: number | null, engagementRate: number | null, videos: { edges: Array<{ node: { videoId: string } }> } } }> } };

export type SearchTranscriptsQueryVariables = Exact<{
  query: string;
  first?: number | null | undefined;
}>;


export type SearchTranscriptsQuery = { search: { totalCount: number, edges: Array<{ rank: number, headline: string | null, node:
        | { __typename: 'Analysis' }
        | { __typename: 'Document' }
        | { __typename: 'Report' }
        | { __typename: 'Research', researchId: string, title: string }
        | { __typename: 'Video', videoId: string, title: string }
       }> } };

export type StatsQueryVariables = Exact<{ [key: string]: never; }>;


export type StatsQuery = { dashboardStats: { researchesLast7Days: number, researchesByStatus: Array<{ key: string, count: number }>, researchesByDepartment: Array<{ key: string, total: number, active: number, completed: number }>, videosByStatus: Array<{ key: string, count: number }>, searchQueueByStatus: Array<{ key: string, count: number }> } };

export type CreateResearchMutationVariables = Exact<{
  input: CreateResearchInput;
}>;


export type CreateResearchMutation = { createResearch: { research: { id: string, researchId: string, title: string, department: Department, status: ResearchStatus } } };

export type UpdateResearchMutationVariables = Exact<{
  researchId: string;
  patch: ResearchPatch;
}>;


export type UpdateResearchMutation = { updateResearch: { research: { researchId: string, title: string, status: ResearchStatus, updatedDate: string } } };

export type DeleteResearchMutationVariables = Exact<{
  researchId: string;
}>;


export type DeleteResearchMutation = { deleteResearch: { deletedId: string } };


export const ImportFileDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportFile"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportFileInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importFile"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"dataset"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"dryRun"}},{"kind":"Field","name":{"kind":"Name","value":"read"}},{"kind":"Field","name":{"kind":"Name","value":"inserted"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"unchanged"}},{"kind":"Field","name":{"kind":"Name","value":"rejected"}},{"kind":"Field","name":{"kind":"Name","value":"derived"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"fileHash"}},{"kind":"Field","name":{"kind":"Name","value":"rejects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"raw"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ImportFileMutation, ImportFileMutationVariables>;
export const ImportFolderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportFolder"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportFolderInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importFolder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totals"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"files"}},{"kind":"Field","name":{"kind":"Name","value":"read"}},{"kind":"Field","name":{"kind":"Name","value":"inserted"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"unchanged"}},{"kind":"Field","name":{"kind":"Name","value":"rejected"}},{"kind":"Field","name":{"kind":"Name","value":"derived"}}]}},{"kind":"Field","name":{"kind":"Name","value":"imports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"dataset"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"read"}},{"kind":"Field","name":{"kind":"Name","value":"inserted"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"unchanged"}},{"kind":"Field","name":{"kind":"Name","value":"rejected"}},{"kind":"Field","name":{"kind":"Name","value":"derived"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"skipped"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ImportFolderMutation, ImportFolderMutationVariables>;
export const ImportRecordsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportRecords"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"dataset"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"records"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"JSON"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importRecords"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"dataset"},"value":{"kind":"Variable","name":{"kind":"Name","value":"dataset"}}},{"kind":"Argument","name":{"kind":"Name","value":"records"},"value":{"kind":"Variable","name":{"kind":"Name","value":"records"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"read"}},{"kind":"Field","name":{"kind":"Name","value":"inserted"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"unchanged"}},{"kind":"Field","name":{"kind":"Name","value":"rejected"}},{"kind":"Field","name":{"kind":"Name","value":"derived"}}]}}]}}]} as unknown as DocumentNode<ImportRecordsMutation, ImportRecordsMutationVariables>;
export const ImportsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Imports"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"imports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"dataset"}},{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"read"}},{"kind":"Field","name":{"kind":"Name","value":"inserted"}},{"kind":"Field","name":{"kind":"Name","value":"updated"}},{"kind":"Field","name":{"kind":"Name","value":"unchanged"}},{"kind":"Field","name":{"kind":"Name","value":"rejected"}},{"kind":"Field","name":{"kind":"Name","value":"derived"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ImportsQuery, ImportsQueryVariables>;
export const RejectsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Rejects"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"RejectFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rejects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"raw"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"dataset"}},{"kind":"Field","name":{"kind":"Name","value":"import"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<RejectsQuery, RejectsQueryVariables>;
export const DatasetsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Datasets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"datasets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"table"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"required"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rows"}},{"kind":"Field","name":{"kind":"Name","value":"openRejects"}},{"kind":"Field","name":{"kind":"Name","value":"lastImport"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}}]}}]}}]}}]} as unknown as DocumentNode<DatasetsQuery, DatasetsQueryVariables>;
export const HistoryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"History"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"table"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"key"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"table"},"value":{"kind":"Variable","name":{"kind":"Name","value":"table"}}},{"kind":"Argument","name":{"kind":"Name","value":"key"},"value":{"kind":"Variable","name":{"kind":"Name","value":"key"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"changedAt"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"oldValues"}},{"kind":"Field","name":{"kind":"Name","value":"newValues"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"import"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<HistoryQuery, HistoryQueryVariables>;
export const ImportProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ImportProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"importId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"importId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"importId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"bytesRead"}},{"kind":"Field","name":{"kind":"Name","value":"bytesTotal"}},{"kind":"Field","name":{"kind":"Name","value":"read"}},{"kind":"Field","name":{"kind":"Name","value":"rejected"}}]}}]}}]} as unknown as DocumentNode<ImportProgressSubscription, ImportProgressSubscriptionVariables>;
export const ResearchesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Researches"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ResearchFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ResearchOrder"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"researches"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"researchId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"department"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdDate"}},{"kind":"Field","name":{"kind":"Name","value":"updatedDate"}},{"kind":"Field","name":{"kind":"Name","value":"outputPath"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"}},{"kind":"Field","name":{"kind":"Name","value":"researcher"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"employeeId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"videos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"relevanceScore"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"videoId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"channel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"platform"}}]}},{"kind":"Field","name":{"kind":"Name","value":"influencers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"influencerId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"engagementRate"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"analyses"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"analysisId"}},{"kind":"Field","name":{"kind":"Name","value":"analysisType"}}]}}]}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"reports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reportId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"filePath"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ResearchesQuery, ResearchesQueryVariables>;
export const ResearchByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ResearchById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"researchId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"research"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"researchId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"researchId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"researchId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"videos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"videoId"}},{"kind":"Field","name":{"kind":"Name","value":"transcriptPath"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ResearchByIdQuery, ResearchByIdQueryVariables>;
export const VideosDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Videos"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"VideoFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"VideoOrder"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"videos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"videoId"}},{"kind":"Field","name":{"kind":"Name","value":"sourceUrl"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"createdDate"}},{"kind":"Field","name":{"kind":"Name","value":"channel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"researches"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"researchId"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<VideosQuery, VideosQueryVariables>;
export const VideoByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VideoById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"videoId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"video"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"videoId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"videoId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"videoId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"transcriptContent"}},{"kind":"Field","name":{"kind":"Name","value":"analyses"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"analysisId"}},{"kind":"Field","name":{"kind":"Name","value":"analysisType"}},{"kind":"Field","name":{"kind":"Name","value":"results"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<VideoByIdQuery, VideoByIdQueryVariables>;
export const ChannelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Channels"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channels"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"videos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ChannelsQuery, ChannelsQueryVariables>;
export const InfluencersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Influencers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"influencers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"influencerId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"subscriberCount"}},{"kind":"Field","name":{"kind":"Name","value":"engagementRate"}},{"kind":"Field","name":{"kind":"Name","value":"videos"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"videoId"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<InfluencersQuery, InfluencersQueryVariables>;
export const SearchTranscriptsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SearchTranscripts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"query"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"search"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"query"},"value":{"kind":"Variable","name":{"kind":"Name","value":"query"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rank"}},{"kind":"Field","name":{"kind":"Name","value":"headline"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Video"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"videoId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Research"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"researchId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<SearchTranscriptsQuery, SearchTranscriptsQueryVariables>;
export const StatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Stats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dashboardStats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"researchesByStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"researchesByDepartment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"completed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"videosByStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"searchQueueByStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"researchesLast7Days"}}]}}]}}]} as unknown as DocumentNode<StatsQuery, StatsQueryVariables>;
export const CreateResearchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateResearch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateResearchInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createResearch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"research"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"researchId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"department"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]} as unknown as DocumentNode<CreateResearchMutation, CreateResearchMutationVariables>;
export const UpdateResearchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateResearch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"researchId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"patch"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ResearchPatch"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateResearch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"researchId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"researchId"}}},{"kind":"Argument","name":{"kind":"Name","value":"patch"},"value":{"kind":"Variable","name":{"kind":"Name","value":"patch"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"research"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"researchId"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"updatedDate"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateResearchMutation, UpdateResearchMutationVariables>;
export const DeleteResearchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteResearch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"researchId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteResearch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"researchId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"researchId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedId"}}]}}]}}]} as unknown as DocumentNode<DeleteResearchMutation, DeleteResearchMutationVariables>;