/** The closed lists of the research context as the API shows them. */
import { enumeration } from '../graphql/enumerations.ts';
import { ANALYSIS_TYPES, DEPARTMENTS, RESEARCH_STATUSES, SEARCH_STATUSES, VIDEO_STATUSES } from './vocabulary.ts';

export const DEPARTMENT = enumeration('Department', 'A department of the company.', DEPARTMENTS);
export const RESEARCH_STATUS = enumeration('ResearchStatus', 'How far a research has come.', RESEARCH_STATUSES);
export const VIDEO_STATUS = enumeration('VideoStatus', 'How far a video has come through the queue.', VIDEO_STATUSES);
export const SEARCH_STATUS = enumeration('SearchStatus', 'How far a search has come.', SEARCH_STATUSES);
export const ANALYSIS_TYPE = enumeration('AnalysisType', 'What an analysis looks for.', ANALYSIS_TYPES);
