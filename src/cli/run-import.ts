/** Importing what the user named, with progress, until it is done or interrupted. */

import { datasetNamed, matchFile } from '../ingest/match.ts';
import { fileFacts } from '../ingest/read/source.ts';
import { type FolderResult, type ImportResult, type Ingest, importFolder, type SkippedFile } from '../ingest/run.ts';
import type { CommandContext } from './context.ts';
import type { ImportGroup } from './import-paths.ts';
import { cancelOnSignal } from './interruption.ts';
import { showProgress } from './progress.ts';

export interface ImportOutcome extends FolderResult {
  /** Files that the user named and that no dataset took. */
  readonly refused: readonly SkippedFile[];
}

export interface ImportOptions {
  readonly dataset?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

/**
 * Imports the groups one after the other.
 * @throws AppError INTERRUPTED with what was being read rolled back, DATASET_UNKNOWN, DATABASE_UNREACHABLE
 */
export async function runImport(
  context: CommandContext,
  ingest: Ingest,
  groups: readonly ImportGroup[],
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { terminal, interruption, actor } = context;
  if (options.dataset !== undefined) datasetNamed(ingest, options.dataset);
  cancelOnSignal(ingest.database.write, interruption.signal, (err) =>
    ingest.log.warn({ err }, 'nothing was cancelled'),
  );
  const progress = showProgress(terminal);
  const results: FolderResult[] = [];
  const refused: SkippedFile[] = [];
  try {
    for (const group of groups) {
      const files = group.named ? group.files : ofDataset(ingest, group.files, options.dataset);
      const result = await importFolder(ingest, {
        root: group.root,
        files,
        dataset: options.dataset,
        dryRun: options.dryRun,
        actor,
        onProgress: (file, state) => {
          interruption.throwIfInterrupted();
          progress.reading(file.path, state);
        },
        onFile: (imported, done, total) => {
          progress.done(imported, done, total);
          interruption.throwIfInterrupted();
        },
      });
      results.push({ ...result, skipped: [...group.skipped, ...result.skipped] });
      if (group.named) refused.push(...result.skipped);
    }
  } finally {
    progress.close();
  }
  return { ...together(results), refused };
}

/** A folder below a root is a list of files, and a listed file is taken into the dataset whatever its path. */
function ofDataset(ingest: Ingest, files: ImportGroup['files'], dataset: string | undefined): ImportGroup['files'] {
  if (files === undefined || dataset === undefined) return files;
  return files.filter(({ path }) => {
    const found = matchFile(ingest, fileFacts(path, new Date(0)));
    return 'match' in found && found.match.dataset.name === dataset;
  });
}

function together(results: readonly FolderResult[]): FolderResult {
  const sum = (name: keyof FolderResult['totals']): number =>
    results.reduce((total, { totals }) => total + totals[name], 0);
  return {
    imports: results.flatMap(({ imports }): readonly ImportResult[] => imports),
    skipped: results.flatMap(({ skipped }) => skipped),
    totals: {
      files: sum('files'),
      read: sum('read'),
      inserted: sum('inserted'),
      updated: sum('updated'),
      unchanged: sum('unchanged'),
      rejected: sum('rejected'),
      derived: sum('derived'),
    },
  };
}
