/** Everything that can be exported, by name: datasets, lists of declared types, and queries of contexts. */
import { join } from 'node:path';
import { declaredEntities, declareEntity, isEntityReads } from '../graphql/entities.ts';
import type { EntityReads } from '../graphql/entity.ts';
import { type ExportQuery, isExportDeclaration, type NamedExport } from '../graphql/export-source.ts';
import type { Dataset } from '../ingest/dataset.ts';
import { exportFileName } from '../ingest/exported/export-file.ts';
import type { Registry } from '../ingest/registry.ts';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { discover, requireDefault, requireUnique } from '../kernel/discover.ts';
import { AppError } from '../kernel/errors.ts';

export interface Catalogue {
  readonly registry: Registry;
  readonly queries: ReadonlyMap<string, ExportQuery>;
  readonly named: ReadonlyMap<string, NamedExport>;
}

/**
 * Loads what contexts declare in `*.export.ts` files, and the types whose lists can be exported.
 * @throws AppError DECLARATION_INVALID with the file's path: a wrong export, or a name used twice
 */
export async function loadCatalogue(registry: Registry, folder = join(PROJECT_ROOT, 'src')): Promise<Catalogue> {
  // Lists are found by the types that these declare; a schema made of them would be a third of an export's memory.
  for (const { module } of await discover(folder, '.read.ts'))
    for (const declared of Object.values(module)) if (isEntityReads(declared)) declareEntity(declared);
  const found = (await discover(folder, '.export.ts')).map((file) => ({
    path: file.path,
    declared: requireDefault(file, isExportDeclaration, 'exports made by defineExports()'),
  }));
  const queries = found.flatMap(({ path, declared }) =>
    (declared.queries ?? []).map((query) => ({ path, name: query.name, query })),
  );
  const named = found.flatMap(({ path, declared }) => declared.named.map((each) => ({ path, name: each.name, each })));
  requireUnique(queries, 'query');
  requireUnique(named, 'export');
  return {
    registry,
    queries: new Map(queries.map(({ name, query }) => [name, query])),
    named: new Map(named.map(({ name, each }) => [name, each])),
  };
}

/** What the file of a source is called, without its ending: that of a dataset says so, for it is taken in as it stands. */
export const fileNameOf = ({ registry }: Catalogue, source: string): string =>
  registry.datasets.has(source) ? exportFileName(source, '') : source;

/** What a name stands for. */
export type Found =
  | {
      readonly is: 'dataset';
      readonly dataset: Dataset;
      readonly scope: string;
      readonly reads: EntityReads | undefined;
    }
  | { readonly is: 'list'; readonly reads: EntityReads }
  | { readonly is: 'query'; readonly query: ExportQuery };

/** Lists of declared types go by their name in the API or by their table's. */
export const listNamed = (name: string): EntityReads | undefined =>
  declaredEntities().find((reads) => reads.listed !== false && (reads.plural === name || reads.table === name));

/** The declared type whose rows a table holds. */
const readsOf = (table: string): EntityReads | undefined => declaredEntities().find((reads) => reads.table === table);

/** @throws AppError NOT_FOUND with the names that there are */
export function findSource({ registry, queries }: Catalogue, name: string): Found {
  const dataset = registry.datasets.get(name);
  if (dataset !== undefined) {
    const scope = registry.contexts.get(name) ?? '';
    return { is: 'dataset', dataset, scope, reads: readsOf(dataset.table) };
  }
  const query = queries.get(name);
  if (query !== undefined) return { is: 'query', query };
  const reads = listNamed(name);
  if (reads !== undefined) return { is: 'list', reads };
  throw new AppError('NOT_FOUND', `There is nothing to export under the name ${JSON.stringify(name.slice(0, 100))}`, {
    path: 'source',
    hint: `Datasets: ${[...registry.datasets.keys()].sort().join(', ')}. Queries: ${[...queries.keys()].join(', ')}. Lists go by their names in the API.`,
  });
}
