/** What the folder mutation does: all files now, or in a job once the request is answered. */
import { loadByKey } from '../graphql/batches.ts';
import { arrayConnection, type Connection } from '../graphql/connections.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import type { PageArguments } from '../graphql/page.ts';
import type { Asked } from '../graphql/selection.ts';
import { numberOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { once } from '../kernel/once.ts';
import { uuidOfSeries } from '../kernel/uuid.ts';
import { claimFiles } from './claim-files.ts';
import { importFolderLater } from './folder-later.ts';
import type { Importer } from './importer-slot.ts';
import { type ImportChoices, startedImport } from './importing.ts';
import { imports } from './imports.read.ts';
import { NO_COUNTS } from './journal.ts';
import { datasetNamed } from './match.ts';
import { plannedRow, runningRow } from './planned.ts';
import { type FolderResult, type ImportResult, importFolder } from './run.ts';

export type FolderTotals = FolderResult['totals'];

export interface FolderImports {
  readonly totals: FolderTotals;
  /** Reads only the imports of the page that is asked for. */
  readonly imports: (context: GraphqlContext, page: PageArguments, columns: readonly string[]) => Connection;
  /** `path`, `reason` */
  readonly skipped: readonly Row[];
}

/**
 * Imports the folder `root`, absolute and allowed.
 * @throws AppError DATASET_UNKNOWN, BAD_USER_INPUT, FILE_UNREADABLE
 */
export async function importWholeFolder(
  context: GraphqlContext,
  importer: Importer,
  root: string,
  { dataset, dryRun }: ImportChoices,
): Promise<FolderImports> {
  if (dataset !== undefined) datasetNamed(importer.ingest, dataset);
  const { actor } = context;
  const { imports: results, skipped, totals } = await importFolder(importer.ingest, { root, dataset, dryRun, actor });
  await context.reads.refresh();
  return { totals, skipped: skipped.map((file) => ({ ...file })), imports: pageOfResults(importer, results) };
}

function pageOfResults(importer: Importer, results: readonly ImportResult[]): FolderImports['imports'] {
  return (context, page, columns) => {
    const cut = arrayConnection(
      results.map((_result, index) => ({ index })),
      page,
    );
    const load = async (index: number): Promise<Row> => {
      const result = results[index];
      if (result === undefined) throw new AppError('INTERNAL', 'A page lies outside its list');
      const dataset = datasetNamed(importer.ingest, result.dataset);
      const started = startedImport(context, result.path, { dataset }, result.importId);
      if (result.dryRun) return plannedRow(context, started, result);
      const row = await loadByKey(context, imports, result.importId, columns);
      if (row !== null) return row;
      throw new AppError('INTERNAL', `The import ${result.importId} has no line`);
    };
    return {
      count: cut.count,
      page: once(async () => {
        const { edges, ...rest } = await cut.page();
        const rows = await Promise.all(edges.map(({ row }) => load(numberOf(row, 'index') ?? 0)));
        return { ...rest, edges: edges.map(({ cursor }, place) => ({ row: rows[place] ?? {}, cursor })) };
      }),
    };
  };
}

/**
 * Asks for the job that imports what lies in the folder `root`, absolute and allowed.
 * @throws AppError DATASET_UNKNOWN, FILE_UNREADABLE, DISK_FULL, INTERRUPTED
 */
export async function importFolderInJob(
  context: GraphqlContext,
  { ingest }: Importer,
  root: string,
  dataset: string | undefined,
  info: Asked,
): Promise<FolderImports> {
  if (dataset !== undefined) datasetNamed(ingest, dataset);
  const { claimed, skipped } = await claimFiles(ingest, { root, dataset });
  const asked = claimed.length === 0 ? undefined : await importFolderLater(context, { root, dataset }, claimed, info);
  const rows = (asked?.listed ?? []).map((file, place) => {
    const dataset = datasetNamed(ingest, file.dataset);
    return runningRow(startedImport(context, file.path, { dataset }, uuidOfSeries(asked?.series ?? '', place)));
  });
  return {
    totals: { files: rows.length, ...NO_COUNTS },
    skipped: skipped.map((file) => ({ ...file })),
    imports: (_context, page) => arrayConnection(rows, page),
  };
}
