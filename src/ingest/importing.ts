/** What the import mutations do: foreground, background and dry runs, each answered by import rows. */
import { loadByKey } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { AskedFile } from './asked-file.ts';
import { type Importer, importerSlot } from './importer-slot.ts';
import { imports } from './imports.read.ts';
import { beginImport, failImport, faultOf } from './journal.ts';
import { type Match, matchFile } from './match.ts';
import { plannedRow, runningRow, type StartedImport } from './planned.ts';
import { fileFacts } from './read/source.ts';
import { type ImportResult, importFile } from './run.ts';

export interface ImportChoices {
  /** Of a request that was sent before under its key: the id that it had then. */
  readonly importId?: string | undefined;
  readonly dataset: string | undefined;
  readonly dryRun: boolean;
  readonly wait: boolean;
}

/**
 * Imports one file. `columns` are those of the import's row that the answer shows.
 * @throws AppError DATASET_UNKNOWN, BAD_USER_INPUT when no dataset takes it
 */
export async function importOne(
  context: GraphqlContext,
  asked: AskedFile,
  choices: ImportChoices,
  columns: readonly string[],
): Promise<Row> {
  requireSense(choices);
  const importer = importerSlot.get(context);
  const { started, match } = startImport(context, importer, asked.path, choices.dataset, choices.importId);
  if (!choices.wait) {
    importInBackground(context, importer, [{ asked, started, match }]);
    return runningRow(started);
  }
  try {
    const { dataset, dryRun } = choices;
    const { file, path } = asked;
    const { importId } = started;
    const result = await importFile(importer.ingest, { file, path, dataset, dryRun, actor: context.actor, importId });
    return await rowOf(context, started, result, columns);
  } finally {
    await asked.release();
  }
}

/** @throws AppError BAD_USER_INPUT for a dry run that nobody waits for: its outcome could not be looked up */
export function requireSense({ dryRun, wait }: Pick<ImportChoices, 'dryRun' | 'wait'>): void {
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
  { dataset }: Match,
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

/** Imports the files one after the other once the request is answered. Each ends with a line in the imports, whatever happens. */
export function importInBackground(
  context: GraphqlContext,
  { ingest, background }: Importer,
  waiting: readonly (StartableImport & { readonly asked: AskedFile })[],
): void {
  const { actor } = context;
  const ids = waiting.map(({ started }) => started.importId);
  background.start(ids, async () => {
    for (const { asked, started, match } of waiting) {
      const { importId, path, dataset } = started;
      try {
        if (background.isStopping()) throw new AppError('CONFLICT', 'The server stopped before the import began');
        await importFile(ingest, { file: asked.file, path, dataset, actor, importId });
      } catch (thrown) {
        ingest.log.warn({ err: thrown, importId, path }, 'an import in the background failed');
        await recordFailure(ingest, { importId, path, match, actor, file: null }, thrown);
      } finally {
        await asked.release();
      }
    }
  });
}

/** Whoever was answered RUNNING must find the import failed, also if it never began. */
async function recordFailure(
  { database, log }: Importer['ingest'],
  failed: Parameters<typeof beginImport>[1],
  thrown: unknown,
): Promise<void> {
  try {
    const found = await database.write.query('SELECT FROM imports WHERE import_id = $1', [failed.importId]);
    if (found.rowCount === 0) await beginImport(database.write, failed, 'running');
    await failImport(database.write, failed.importId, faultOf(thrown));
  } catch (err) {
    log.error({ err, importId: failed.importId }, 'the failure of an import could not be recorded');
  }
}
