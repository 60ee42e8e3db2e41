/** Of which type an analysis file is: its folder says so, or else its own name. */
import type { FileFacts } from '../ingest/dataset.ts';
import { normalizeName } from '../ingest/names.ts';
import type { AnalysisType } from './vocabulary.ts';

const FOLDER_TYPES = {
  Gap_Analysis: 'gap_analysis',
  Library_Mapping: 'library_mapping',
  Extractions: 'extraction',
  Validation: 'validation',
  Phase_Reports: 'phase_report',
} as const satisfies Record<string, AnalysisType>;

export const ANALYSIS_FOLDERS: readonly string[] = Object.keys(FOLDER_TYPES);

const byFolder = new Map<string, AnalysisType>(
  Object.entries(FOLDER_TYPES).map(([folder, type]) => [normalizeName(folder), type]),
);

/** Names of files that lie directly in the analysis folder, the telling words first. */
const NAMES: readonly (readonly [RegExp, AnalysisType])[] = [
  [/gap[ _-]?analys[ei]s/i, 'gap_analysis'],
  [/library[ _-]?mapping/i, 'library_mapping'],
  [/extractions?(?![a-z])/i, 'extraction'],
  [/validation(?![a-z])/i, 'validation'],
  [/phase.*report/i, 'phase_report'],
];

/** A plan of what is to be done is the result of no analysis, whatever it plans. */
const PLAN = /execution[ _-]?plan/i;

export interface AnalysisPlace {
  readonly type: AnalysisType;
  /** What follows the type in the row's key: the stem, led by folders below the type's own, where two files may share a name. */
  readonly name: string;
}

/** Type and name of an analysis file, or null where neither folder nor name tells a type. */
export function analysisPlace(file: FileFacts): AnalysisPlace | null {
  if (PLAN.test(file.stem)) return null;
  const folders = file.folder === '' ? [] : file.folder.split('/');
  for (let index = folders.length - 1; index >= 0; index--) {
    const type = byFolder.get(normalizeName(folders[index] ?? ''));
    if (type !== undefined) return { type, name: [...folders.slice(index + 1), file.stem].join('/') };
  }
  for (const [name, type] of NAMES) if (name.test(file.stem)) return { type, name: file.stem };
  return null;
}

/** Why a file of the analysis folder is no analysis. */
export function whyNoAnalysis(file: FileFacts): string | undefined {
  if (file.stem.toLowerCase() === 'analysis_results') return undefined;
  if (PLAN.test(file.stem)) return 'an execution plan, no analysis';
  if (/(?:^|\/)integration(?:\/|$)/i.test(file.folder)) return 'of the integration folder, no analysis';
  return analysisPlace(file) === null ? 'its folder and its name tell no type of analysis' : undefined;
}
