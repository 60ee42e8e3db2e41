/** Which files of a folder go into which dataset, and why the others do not. */
import type { Ingest } from './import-file.ts';
import { type Match, matchFile } from './match.ts';
import { fileFacts } from './read/source.ts';
import { claimSheets } from './sheets.ts';
import { type WalkedFile, walk } from './walk.ts';

export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** A file, or a sheet of one, that a dataset takes. */
export interface ClaimedFile {
  readonly file: WalkedFile;
  readonly match: Match;
  /** Chosen by a caller that answers before the import ends. */
  readonly importId?: string | undefined;
}

export interface FolderChoice {
  /** Absolute. */
  readonly root: string;
  /** Only these files, given by absolute path and by path relative to the root. Default: all under the root. */
  readonly files?: readonly WalkedFile[] | undefined;
  /** Only files of this dataset; files named in `files` are taken into it whatever their path. */
  readonly dataset?: string | undefined;
}

/**
 * Finds them, in the order of their paths.
 * @throws AppError FILE_MISSING, FILE_UNREADABLE (the folder), DATASET_UNKNOWN
 */
export async function claimFiles(
  ingest: Ingest,
  { root, files, dataset }: FolderChoice,
): Promise<{ claimed: ClaimedFile[]; skipped: SkippedFile[] }> {
  const found = files === undefined ? await walk(root) : { files, skipped: [] };
  const skipped: SkippedFile[] = [...found.skipped];
  const claimed: ClaimedFile[] = [];
  for (const file of found.files) {
    const matched = matchFile(ingest, fileFacts(file.path, new Date(0)), files === undefined ? undefined : dataset);
    const sheets = await claimSheets(ingest, file, 'match' in matched ? matched.match : undefined);
    if ('skipped' in matched && sheets.claims.length === 0) skipped.push({ path: file.path, reason: matched.skipped });
    skipped.push(...sheets.skipped);
    for (const { path, match } of sheets.claims) {
      if (dataset !== undefined && match.dataset.name !== dataset)
        skipped.push({ path, reason: `belongs to the dataset ${match.dataset.name}` });
      else claimed.push({ file: { file: file.file, path }, match });
    }
  }
  return { claimed, skipped };
}
