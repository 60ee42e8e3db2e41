/** Importing a folder: every file of it that a dataset claims, and a reason for every other. */

import { tryAgain } from '../database/try-again.ts';
import type { Actor } from '../kernel/actor.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { asAppError } from '../kernel/errors.ts';
import { type ImportResult, type Ingest, importMatched } from './import-file.ts';
import { importGroup } from './import-group.ts';
import { type ImportCounts, NO_COUNTS, sweepImports } from './journal.ts';
import { matchFile } from './match.ts';
import type { Progress } from './progress.ts';
import { fileFacts } from './read/source.ts';
import { readAhead } from './read-ahead.ts';
import { claimSheets } from './sheets.ts';
import { type WalkedFile, walk } from './walk.ts';

export interface FolderRequest {
  /** Absolute. */
  readonly root: string;
  /** Only these files, given by absolute path and by path relative to the root. Default: all under the root. */
  readonly files?: readonly WalkedFile[] | undefined;
  /** Only files of this dataset; files named in `files` are taken into it whatever their path. */
  readonly dataset?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly actor: Actor;
  readonly onProgress?: ((file: WalkedFile, progress: Progress) => void) | undefined;
  /** Hears each file's outcome, with how many are done and how many there are. */
  readonly onFile?: ((result: ImportResult, done: number, total: number) => void) | undefined;
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

export interface FolderTotals extends ImportCounts {
  readonly files: number;
}

export interface FolderResult {
  readonly imports: readonly ImportResult[];
  readonly skipped: readonly SkippedFile[];
  readonly totals: FolderTotals;
}

/**
 * Takes in what datasets claim. One failing file is a result beside the others.
 * @throws AppError FILE_MISSING, FILE_UNREADABLE (the folder), DATASET_UNKNOWN, DATABASE_UNREACHABLE
 */
export async function importFolder(ingest: Ingest, request: FolderRequest): Promise<FolderResult> {
  await tryAgain(ingest.log, {}, () => sweepImports(ingest.database.write));
  crashPoint('folder.swept');
  const found = request.files === undefined ? await walk(request.root) : { files: request.files, skipped: [] };
  const skipped: SkippedFile[] = [...found.skipped];
  const claimed = [];
  for (const file of found.files) {
    const facts = fileFacts(file.path, new Date(0));
    const matched = matchFile(ingest, facts, request.files === undefined ? undefined : request.dataset);
    const sheets = await claimSheets(ingest, file, 'match' in matched ? matched.match : undefined);
    if ('skipped' in matched && sheets.claims.length === 0) skipped.push({ path: file.path, reason: matched.skipped });
    skipped.push(...sheets.skipped);
    for (const { path, match } of sheets.claims) {
      if (request.dataset !== undefined && match.dataset.name !== request.dataset)
        skipped.push({ path, reason: `belongs to the dataset ${match.dataset.name}` });
      else claimed.push({ file: { file: file.file, path }, match });
    }
  }
  const { actor, dryRun } = request;
  const members = claimed.map(({ file, match }) => {
    const onProgress = (progress: Progress): void => request.onProgress?.(file, progress);
    return { match, request: { file: file.file, path: file.path, dryRun, actor, onProgress } };
  });
  const imports: ImportResult[] = [];
  for await (const group of readAhead(ingest, members)) {
    const together = await importGroup(ingest, group);
    for (const member of group.members) {
      try {
        const result = together.get(member) ?? (await importMatched(ingest, member.request, member.match));
        imports.push(result);
        crashPoint('folder.file');
        request.onFile?.(result, imports.length, claimed.length);
      } catch (thrown) {
        // A file that went away since the folder was listed is no reason to leave the others.
        const error = asAppError(thrown);
        if (error.code !== 'FILE_MISSING') throw thrown;
        skipped.push({ path: member.request.path, reason: 'gone before it was read' });
      }
    }
  }
  skipped.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { imports, skipped, totals: imports.reduce(addCounts, { files: 0, ...NO_COUNTS }) };
}

function addCounts(totals: FolderTotals, result: ImportResult): FolderTotals {
  return {
    files: totals.files + 1,
    read: totals.read + result.read,
    inserted: totals.inserted + result.inserted,
    updated: totals.updated + result.updated,
    unchanged: totals.unchanged + result.unchanged,
    rejected: totals.rejected + result.rejected,
    derived: totals.derived + result.derived,
  };
}
