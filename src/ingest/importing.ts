/** What the import mutations do: now, in a job and as dry runs, each answered by import rows. */
import type { WriteSession } from '../database/session.ts';
import { filesSlot } from '../files/files.ts';
import { loadByKey } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { mutate } from '../graphql/mutate.ts';
import type { Asked } from '../graphql/selection.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { AskedFile } from './asked-file.ts';
import { enqueueImport, putForLater } from './import-later.ts';
import { type Importer, importerSlot } from './importer-slot.ts';
import { imports } from './imports.read.ts';
import { lookAtFile } from './inspect.ts';
import { type Match, matchFile } from './match.ts';
import { plannedRow, runningRow, type StartedImport } from './planned.ts';
import { fileFacts } from './read/source.ts';
import { type ImportResult, importFile } from './run.ts';
import { jobsOfPathAreIn } from './sent-before.ts';

export interface ImportChoices {
  readonly dataset: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Imports one file. `columns` are those of the import's row that the answer shows. Of a request that was sent before under
 * its key `importId` is what it had then.
 * @throws AppError DATASET_UNKNOWN, BAD_USER_INPUT when no dataset takes it
 */
export async function importOne(
  context: GraphqlContext,
  { file, path }: AskedFile,
  { dataset, dryRun }: ImportChoices,
  columns: readonly string[],
  importId?: string,
): Promise<Row> {
  const importer = importerSlot.get(context);
  const { actor } = context;
  const { started } = startImport(context, importer, path, dataset, importId);
  if (!dryRun) await jobsOfPathAreIn(context, path);
  const request = { file, path, dataset, dryRun, actor, importId: started.importId };
  return rowOf(context, started, await importFile(importer.ingest, request), columns);
}

/**
 * Asks for the job that imports one file; once, however often it is sent under one key.
 * @throws AppError DATASET_UNKNOWN, BAD_USER_INPUT when no dataset takes it; FILE_CHANGED, DISK_FULL, INTERRUPTED
 */
export async function importOneLater(
  context: GraphqlContext,
  { file, path }: AskedFile,
  dataset: string | undefined,
  columns: readonly string[],
  info: Asked,
): Promise<Row> {
  const { started } = startImport(context, importerSlot.get(context), path, dataset);
  const { modifiedAt: sentAt, requireSame } = await lookAtFile(file, path);
  const blob = await putForLater(context, filesSlot.get(context), file);
  // The job reads the copy, which nobody changes: half of one version and half of another would never be found out.
  await requireSame();
  const enqueue = async ({ query }: WriteSession): Promise<KeptStart> => {
    await enqueueImport(context, query, blob, { ...started, bodyType: null, sentAt });
    return { ...started, startedAt: started.startedAt.toISOString() };
  };
  const kept = await mutate(context, enqueue, info);
  const row = await loadByKey(context, imports, kept.importId, columns);
  return row ?? runningRow({ ...kept, startedAt: new Date(kept.startedAt) });
}

/** As it is kept under a request's key: plain JSON. */
type KeptStart = Omit<StartedImport, 'startedAt'> & { readonly startedAt: string };

/** @throws AppError BAD_USER_INPUT for a dry run that nobody waits for: its outcome could not be looked up */
export function requireSense({ dryRun, wait }: { readonly dryRun: boolean; readonly wait: boolean }): void {
  if (!dryRun || wait) return;
  throw new AppError('BAD_USER_INPUT', 'A dry run is answered when it is done', {
    path: 'input',
    hint: 'Leave out wait: false.',
  });
}

/** The row of an import that has ended; of a dry run what it found. */
export async function rowOf(
  context: GraphqlContext,
  started: StartedImport,
  result: ImportResult,
  columns: readonly string[],
): Promise<Row> {
  await context.reads.refresh();
  if (result.dryRun) return plannedRow(context, started, result);
  const row = await loadByKey(context, imports, result.importId, columns);
  if (row !== null) return row;
  throw new AppError('INTERNAL', `The import ${result.importId} has no line`);
}

export interface StartableImport {
  readonly started: StartedImport;
  readonly match: Match;
}

/**
 * An import's id and dataset, before anything is read.
 * @throws AppError DATASET_UNKNOWN, BAD_USER_INPUT
 */
export function startImport(
  context: GraphqlContext,
  { ingest }: Importer,
  path: string,
  dataset: string | undefined,
  importId?: string,
): StartableImport {
  const found = matchFile(ingest, fileFacts(path, new Date(0)), dataset);
  if ('skipped' in found) {
    throw new AppError('BAD_USER_INPUT', `${path} is not imported: ${found.skipped}`, {
      path: 'path',
      hint: 'Name a dataset, or give the file a name that one claims.',
    });
  }
  return { started: startedImport(context, path, found.match, importId), match: found.match };
}

export function startedImport(
  context: GraphqlContext,
  path: string,
  { dataset }: Pick<Match, 'dataset'>,
  importId: string = uuidv7(),
): StartedImport {
  return {
    importId,
    path,
    dataset: dataset.name,
    rulesVersion: dataset.rulesVersion,
    actor: context.actor.label,
    startedAt: new Date(),
  };
}
