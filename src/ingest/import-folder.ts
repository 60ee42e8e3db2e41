/** Importing a folder: every file of it that a dataset claims, and a reason for every other. */

import { tryAgain } from '../database/try-again.ts';
import type { Actor } from '../kernel/actor.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { type ClaimedFile, claimFiles, type FolderChoice, type SkippedFile } from './claim-files.ts';
import { type ImportRequest, type ImportResult, type Ingest, importMatched } from './import-file.ts';
import { importGroup } from './import-group.ts';
import { type ImportCounts, NO_COUNTS, sweepImports } from './journal.ts';
import type { Progress } from './progress.ts';
import { readAhead } from './read-ahead.ts';
import type { WalkedFile } from './walk.ts';

export interface FolderRequest extends FolderChoice {
  readonly dryRun?: boolean | undefined;
  readonly actor: Actor;
  readonly onProgress?: ((file: WalkedFile, progress: Progress) => void) | undefined;
  /** Hears each file's outcome, with how many are done and how many there are. */
  readonly onFile?: ((result: ImportResult, done: number, total: number) => void) | undefined;
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
  const { claimed, skipped } = await claimFiles(ingest, request);
  const { imports, gone } = await importClaimed(ingest, claimed, request);
  skipped.push(...gone.map(({ file: { path } }) => ({ path, reason: 'gone before it was read' })));
  skipped.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { imports, skipped, totals: totalsOf(imports) };
}

export interface TakingIn extends Pick<FolderRequest, 'actor' | 'dryRun' | 'onProgress' | 'onFile'> {
  /** Once aborted no more files are begun, and nothing is kept of those under way. */
  readonly signal?: AbortSignal | undefined;
  readonly beforeCommit?: ImportRequest['beforeCommit'];
}

/**
 * Takes in files whose datasets are known, one after the other and the small ones together.
 * @returns those that went away since they were listed apart: they are no reason to leave the others
 * @throws AppError DATABASE_UNREACHABLE; INTERRUPTED once the signal is aborted
 */
export async function importClaimed<Claimed extends ClaimedFile>(
  ingest: Ingest,
  claimed: readonly Claimed[],
  { actor, dryRun, signal, beforeCommit, onProgress, onFile }: TakingIn,
): Promise<{ readonly imports: readonly ImportResult[]; readonly gone: readonly Claimed[] }> {
  const members = claimed.map((one) => {
    const { file, match, importId } = one;
    const told = (progress: Progress): void => onProgress?.(file, progress);
    const request = { ...file, importId, dryRun, actor, signal, beforeCommit, onProgress: told };
    return { claimed: one, match, request };
  });
  const imports: ImportResult[] = [];
  const gone: Claimed[] = [];
  for await (const group of readAhead(ingest, members)) {
    requireWanted(signal);
    const together = await importGroup(ingest, group);
    for (const member of group.members) {
      requireWanted(signal);
      try {
        const result = together.get(member) ?? (await importMatched(ingest, member.request, member.match));
        imports.push(result);
        crashPoint('folder.file');
        onFile?.(result, imports.length, claimed.length);
      } catch (thrown) {
        if (asAppError(thrown).code !== 'FILE_MISSING') throw thrown;
        gone.push(member.claimed);
      }
    }
  }
  return { imports, gone };
}

function requireWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('INTERRUPTED', 'The import was cancelled, or the server stopped');
}

export function totalsOf(imports: readonly ImportCounts[]): FolderTotals {
  return imports.reduce(addCounts, { files: 0, ...NO_COUNTS });
}

function addCounts(totals: FolderTotals, result: ImportCounts): FolderTotals {
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
