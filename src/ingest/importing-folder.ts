/** What the folder mutation does: all files now, or one after the other once the request is answered. */
import { loadByKey } from '../graphql/batches.ts';
import { arrayConnection, type Connection, once } from '../graphql/connections.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import type { PageArguments } from '../graphql/page.ts';
import { numberOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import type { Importer } from './importer-slot.ts';
import {
  type ImportChoices,
  importInBackground,
  requireSense,
  type StartableImport,
  startedImport,
} from './importing.ts';
import { imports } from './imports.read.ts';
import { NO_COUNTS } from './journal.ts';
import { datasetNamed, matchFile } from './match.ts';
import { plannedRow, runningRow } from './planned.ts';
import { fileFacts } from './read/source.ts';
import { type FolderResult, type ImportResult, importFolder } from './run.ts';
import { walk } from './walk.ts';

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
  choices: ImportChoices,
): Promise<FolderImports> {
  requireSense(choices);
  const { dataset, dryRun, wait } = choices;
  if (dataset !== undefined) datasetNamed(importer.ingest, dataset);
  if (!wait) return startFolder(context, importer, root, dataset);
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
      const match = { dataset, pattern: { pattern: '**' }, authority: 0 };
      const started = { ...startedImport(context, result.path, match), importId: result.importId };
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

async function startFolder(
  context: GraphqlContext,
  importer: Importer,
  root: string,
  dataset: string | undefined,
): Promise<FolderImports> {
  const { files, skipped } = await walk(root);
  const waiting: (StartableImport & { asked: { file: string; path: string; release: () => Promise<void> } })[] = [];
  const left: Row[] = skipped.map((file) => ({ ...file }));
  for (const { file, path } of files) {
    const found = matchFile(importer.ingest, fileFacts(path, new Date(0)));
    if ('skipped' in found) left.push({ path, reason: found.skipped });
    else if (dataset !== undefined && found.match.dataset.name !== dataset) {
      left.push({ path, reason: `belongs to the dataset ${found.match.dataset.name}` });
    } else {
      const asked = { file, path, release: () => Promise.resolve() };
      waiting.push({ asked, started: startedImport(context, path, found.match), match: found.match });
    }
  }
  importInBackground(context, importer, waiting);
  const rows = waiting.map(({ started }) => runningRow(started));
  return {
    totals: { files: waiting.length, ...NO_COUNTS },
    skipped: left,
    imports: (_context, page) => arrayConnection(rows, page),
  };
}
